import { randomBytes } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  applyPlatform,
  type ControlContext,
  createTenants,
  Databases,
  type FleetResult,
  type MigratePlatformOptions,
  migratePlatform,
} from '../../src/control/index.ts'
import type { SystemDefinition } from '../../src/model/index.ts'
import { withDatabase } from '../../src/postgres/index.ts'
import { benchContext } from '../support/bench-context.ts'

/** Several systems may share a server, and a server has one key. */
const masterKey = randomBytes(32)
const secrets = { origin: 'the benchmark', masterKey: async () => masterKey }

export interface FleetSystemOptions {
  readonly definition: SystemDefinition<string>
  /** The one service of the system, whose tenants are the fleet. */
  readonly service: string
  readonly schemaOf: (slug: string) => string
  /** Migrations to begin with: a folder to copy, or files by name. */
  readonly migrations: URL | Readonly<Record<string, string>>
  readonly tenants: number
}

/** A fleet of one service, whose migrations are written while it runs. */
export class BenchFleetSystem {
  readonly context: ControlContext
  readonly schemas: readonly string[]
  /** An operator's URL of the database that the tenants are in. */
  readonly url: string
  readonly #options: FleetSystemOptions
  readonly #migrations: string
  #version = 100

  private constructor(context: ControlContext, options: FleetSystemOptions, migrations: string) {
    const { definition, tenants, schemaOf } = options
    this.context = context
    this.#options = options
    this.#migrations = migrations
    this.url = withDatabase(context.databases.defaultUrl, definition.database ?? definition.name)
    this.schemas = Array.from({ length: tenants }, (_, index) => schemaOf(`t${index + 1}`))
  }

  /** Makes the tenants `t1`, `t2`, … by Panal itself. @param folder an empty one, for the system's files */
  static async create(url: string, folder: string, options: FleetSystemOptions): Promise<BenchFleetSystem> {
    const { definition, service, migrations, tenants } = options
    const file = join(folder, definition.name, 'system.ts')
    const target = join(dirname(file), service, 'migrations')
    await mkdir(target, { recursive: true })
    if (migrations instanceof URL) await cp(migrations, target, { recursive: true })
    else for (const [name, text] of Object.entries(migrations)) await writeFile(join(target, name), text)
    const context = { ...benchContext(url, [{ definition, file }]), secrets }
    await applyPlatform(context)
    const { failed } = await createTenants(context, { system: definition.name, count: tenants, prefix: 't' })
    if (failed.length > 0) throw new Error(`${failed.length} tenants failed: ${failed[0]?.message}`)
    return new BenchFleetSystem(context, options, target)
  }

  /** Writes the next migration. */
  async write(statements: readonly string[]): Promise<void> {
    const text = statements.map((statement) => `${statement};\n`).join('')
    await writeFile(join(this.#migrations, `${this.#version++}_of_the_benchmark.sql`), text)
  }

  /** As `panal migrate` does it, inside this process. @param url another way to the same server */
  async migrate(options: MigratePlatformOptions = {}, url?: string): Promise<FleetResult> {
    const { context } = this
    const databases = url === undefined ? context.databases : new Databases(context.config, url)
    const selection = { systems: [this.#options.definition.name] }
    const result = await migratePlatform({ ...context, databases }, { selection, ...options })
    const [failure] = result.failed
    if (failure !== undefined) throw new Error(`${failure.target}: ${failure.message}`)
    return result
  }
}
