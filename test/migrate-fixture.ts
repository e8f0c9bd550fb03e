import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ControlContext, ProgressEvent } from '../src/control/context/index.ts'
import { Databases } from '../src/control/databases/index.ts'
import { loadMigrations, type SystemMigrations } from '../src/control/migrate/index.ts'
import {
  CONTROL_ROLE,
  PanalError,
  resolveConfig,
  resolveSystem,
  type Service,
  type System,
  type SystemDefinition,
  type Target,
  targetOf,
} from '../src/model/index.ts'
import { type Connection, ident, openConnection, sql, withDatabase } from '../src/postgres/index.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './harness/servers.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

/** A server with a control role, a folder for systems, and whatever a system needs before it is migrated. */
export interface MigrateFixture extends AsyncDisposable {
  readonly server: TestServer
  readonly folder: string
  readonly context: Pick<ControlContext, 'databases' | 'onProgress' | 'signal'>
  readonly events: readonly ProgressEvent[]
  /** Makes a system with a database of its own, its owners and the schemas of its targets. */
  system(definition: SystemDefinition<string>, tenants?: readonly string[]): Promise<TestSystem>
}

export interface TestSystem {
  readonly system: System
  readonly targets: readonly Target[]
  /** Of a superuser, in the system's database. */
  readonly superuser: Connection
  /** Writes files into the system's folder; null removes one. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>
  load(): Promise<readonly SystemMigrations[]>
  open(): Promise<Connection>
  target(service: string, tenant?: string): Target
}

export async function startMigrateFixture(kind: TestServerOptions): Promise<MigrateFixture> {
  const server = await startTestServer(kind)
  const folder = await temporaryFolder()
  const superuser = await openConnection(server.superuserUrl)
  await superuser.script(`CREATE ROLE ${CONTROL_ROLE} NOLOGIN CREATEROLE CREATEDB`)
  const operator = new URL(server.url).username
  if (operator !== 'postgres') {
    const options = superuser.serverMajor >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''
    await superuser.script(`GRANT ${CONTROL_ROLE} TO ${operator}${options}`)
  }
  const events: ProgressEvent[] = []
  const databases = new Databases(resolveConfig({ systems: [] }, 'panal.config.ts', []), server.url)
  const opened: Connection[] = [superuser]
  return {
    server,
    folder: folder.path,
    context: { databases, onProgress: (event) => events.push(event), signal: new AbortController().signal },
    events,
    system: async (definition, tenants = []) => {
      const system = resolveSystem(definition, join(folder.path, definition.name, 'system.ts'))
      const made = await makeSystem(server, superuser, databases, system, tenants)
      opened.push(made.superuser)
      return made
    },
    [Symbol.asyncDispose]: async () => {
      for (const connection of opened) await connection.close()
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function makeSystem(
  server: TestServer,
  superuser: Connection,
  databases: Databases,
  system: System,
  tenants: readonly string[],
): Promise<TestSystem> {
  await superuser.query(
    sql`CREATE DATABASE ${ident(system.database)} OWNER ${ident(CONTROL_ROLE)} TEMPLATE template0`,
  )
  const inside = await openConnection(withDatabase(server.superuserUrl, system.database))
  await inside.query(sql`CREATE SCHEMA extensions AUTHORIZATION ${ident(CONTROL_ROLE)}`)
  const targets = system.services.flatMap((service) => targetsOf(system, service, tenants))
  for (const service of system.services) {
    await inside.query(sql`CREATE ROLE ${ident(service.owner)} NOLOGIN`)
    await inside.query(sql`GRANT ${ident(service.owner)} TO ${ident(CONTROL_ROLE)}`)
  }
  for (const { schema, owner } of targets) {
    await inside.query(sql`CREATE SCHEMA ${ident(schema)} AUTHORIZATION ${ident(owner)}`)
  }
  return {
    system,
    targets,
    superuser: inside,
    write: (files) => writeFiles(dirname(system.file), files),
    load: async () => [await loadMigrations(system)],
    open: () => databases.open(system.database),
    target: (service, tenant) => {
      const found = targets.find((target) => target.service === service && target.tenant === (tenant ?? null))
      if (found === undefined) throw new Error(`no target ${service} ${tenant ?? ''}`)
      return found
    },
  }
}

function targetsOf(system: System, service: Service, tenants: readonly string[]): readonly Target[] {
  if (service.tenancy.kind !== 'schema') return [targetOf(service, null, system.database)]
  return tenants.map((tenant) => targetOf(service, tenant, system.database))
}

async function writeFiles(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true })
    if (text === null) await rm(full)
    else await writeFile(full, text)
  }
}

/** For `assert.rejects`: an error of the registry, by its code and whatever else the test says of it. */
export const refusedAs =
  (code: string, check: (error: PanalError) => void = () => {}) =>
  (error: unknown): boolean => {
    if (!(error instanceof PanalError) || error.code !== code) throw error
    check(error)
    return true
  }
