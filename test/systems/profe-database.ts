import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { registerPanal } from '../../src/cli/config/register-panal.ts'
import { type ControlContext, silent } from '../../src/control/context/index.ts'
import { Databases } from '../../src/control/databases/index.ts'
import { environmentSecretProvider } from '../../src/control/secrets/index.ts'
import { serviceEnv } from '../../src/control/tenants/index.ts'
import { resolveConfig, resolveSystem } from '../../src/model/index.ts'
import { type Connection, openConnection, serverErrorOf } from '../../src/postgres/index.ts'
import type { TestServer } from '../harness/servers.ts'

/** The services in the order of their foreign keys; each schema is named like its service. */
export const services = [
  'organizations',
  'auth',
  'users',
  'academic',
  'files',
  'plans',
  'chat',
  'analytics',
] as const
export type Service = (typeof services)[number]

/** The 25 tables (C2 of the design). */
export const tables: Readonly<Record<Service, readonly string[]>> = {
  organizations: ['organizations', 'organization_configs'],
  auth: ['users', 'sessions', 'password_resets'],
  users: ['user_profiles', 'user_roles', 'user_preferences', 'guardianships'],
  academic: ['subjects', 'courses', 'course_subjects', 'course_members'],
  files: ['files', 'file_permissions'],
  plans: ['plans', 'plan_jobs', 'plan_results', 'plan_files'],
  chat: ['chat_sessions', 'chat_messages', 'chat_files'],
  analytics: ['user_metrics', 'plan_metrics', 'academic_metrics'],
}

/** Servers that the system is tried on. */
export const kinds = [
  { major: 18, admin: 'superuser' },
  { major: 15, admin: 'operator' },
] as const

/** The system as shipped, on a server, as Panal's own commands would find it. */
export async function profeContext(server: TestServer): Promise<ControlContext> {
  const file = new URL('../../systems/profe/system.ts', import.meta.url)
  registerPanal(file.href)
  const { default: definition } = (await import(file.href)) as { default: unknown }
  const config = resolveConfig({ systems: [] }, 'panal.config.ts', [
    resolveSystem(definition, fileURLToPath(file)),
  ])
  return {
    config,
    databases: new Databases(config, server.url),
    secrets: environmentSecretProvider('5a'.repeat(32)),
    onProgress: silent,
    signal: new AbortController().signal,
  }
}

/** The id of a thing of the tests by its name, so that a row tells which it is. */
export function id(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

/** Who acts, where: the settings of a transaction. Left out: nobody, nowhere. */
export interface Acting {
  readonly person?: string
  readonly organization?: string
  /** `app.role`, which opens nothing. */
  readonly claims?: string
}

/** The logins of the services by the URLs that Panal gives them; a session each, opened when first used. */
export class Logins implements AsyncDisposable {
  readonly #context: ControlContext
  readonly #sessions = new Map<Service, Promise<Connection>>()

  constructor(context: ControlContext) {
    this.#context = context
  }

  /** Runs work in a transaction of a service's login that is rolled back. */
  async as<T>(service: Service, acting: Acting, work: (attempt: Attempts) => Promise<T>): Promise<T> {
    const session = await this.#session(service)
    const settings = [
      ['app.user_id', acting.person === undefined ? '' : id(acting.person)],
      ['app.organization_id', acting.organization === undefined ? '' : id(acting.organization)],
      ['app.role', acting.claims ?? ''],
    ].map(([name, value]) => `set_config('${name}', '${value}', true)`)
    await session.script(`begin; select ${settings.join(', ')}`)
    try {
      return await work(new Attempts(session))
    } finally {
      await session.script('rollback')
    }
  }

  /** The first column of a query's rows as text, sorted. */
  async texts(service: Service, acting: Acting, query: string): Promise<readonly string[]> {
    return await this.as(service, acting, (attempts) => attempts.texts(query))
  }

  async #session(service: Service): Promise<Connection> {
    const found = this.#sessions.get(service) ?? this.#open(service)
    this.#sessions.set(service, found)
    return await found
  }

  async #open(service: Service): Promise<Connection> {
    const { DATABASE_URL: url } = await serviceEnv(this.#context, { system: 'profe', service })
    return await openConnection(url)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).close()
  }
}

/** Statements of one transaction, of which none but `keep` leaves a trace. */
export class Attempts {
  readonly #session: Connection

  constructor(session: Connection) {
    this.#session = session
  }

  /** @returns the number of rows that the last statement read or wrote, or the SQLSTATE of its refusal */
  async attempt(text: string): Promise<number | string> {
    await this.#session.script('savepoint attempt')
    try {
      return (await this.#session.script(text)).at(-1)?.rowCount ?? 0
    } catch (error) {
      const code = serverErrorOf(error)?.code
      if (code === undefined) throw error
      return code
    } finally {
      await this.#session.script('rollback to attempt')
    }
  }

  /** Runs a statement whose effect stays until the end of the transaction. */
  async keep(text: string): Promise<void> {
    await this.#session.script(text)
  }

  /** The first value of a query. */
  async value(query: string): Promise<unknown> {
    return Object.values((await this.#session.script(query)).at(-1)?.rows[0] ?? {})[0]
  }

  /** The first column of a query's rows as text, sorted. */
  async texts(query: string): Promise<readonly string[]> {
    const rows = (await this.#session.script(query)).at(-1)?.rows ?? []
    return rows.map((row) => String(Object.values(row)[0])).sort()
  }
}
