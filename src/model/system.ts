import type { GrantDefinition, TablePrivilege } from './definition.ts'

/** A validated system: every default filled in, every name derived. Made by `resolveSystem`. */
export interface System {
  readonly name: string
  /** The file that describes it. */
  readonly file: string
  /** The database key of every service that the placement does not name. */
  readonly database: string
  readonly extensions: readonly Extension[]
  readonly services: readonly Service[]
  readonly roles: readonly DeclaredRole[]
  /** The pooled login, or null. */
  readonly runtime: string | null
}

export interface Extension {
  readonly name: string
  /** Used only where the server has it. */
  readonly optional: boolean
}

export interface DeclaredRole {
  readonly name: string
  readonly login: boolean
  readonly members: readonly string[]
}

/** Another service whose tables are readable or referable: all of them (`only: null`) or those named. */
export interface Access {
  readonly service: string
  readonly only: readonly string[] | null
}

export interface Limits {
  /** -1: no limit, as pg_roles has it. */
  readonly connections: number
  readonly statementTimeoutMs: number | null
  readonly lockTimeoutMs: number | null
  readonly idleInTransactionTimeoutMs: number | null
}

export interface NoTenancy {
  readonly kind: 'none'
  readonly schema: string
  readonly login: string | null
}

export interface SchemaTenancy {
  readonly kind: 'schema'
  readonly schema: (slug: string) => string
  readonly login: (slug: string) => string
  /** How many spare schemas are kept ready. */
  readonly pool: number
}

export interface RowTenancy {
  readonly kind: 'row'
  readonly schema: string
  readonly login: string | null
  readonly key: string
  readonly keyType: 'uuid' | 'bigint' | 'integer' | 'text'
  readonly setting: string
  readonly root: string
  readonly rootKey: string
  readonly shared: readonly string[]
}

export type Tenancy = NoTenancy | SchemaTenancy | RowTenancy

export interface Service {
  readonly system: string
  readonly name: string
  readonly tenancy: Tenancy
  readonly owner: string
  readonly reads: readonly Access[]
  readonly references: readonly Access[]
  readonly tables: ReadonlyMap<string, readonly TablePrivilege[]>
  readonly grants: readonly GrantDefinition[]
  readonly definers: readonly string[]
  readonly limits: Limits
  /** Absolute folders. */
  readonly migrationsFolder: string
  readonly seedsFolder: string
}

/** @throws TypeError when there is no such service: callers have validated names. */
export function serviceOf(system: System, name: string): Service {
  const service = system.services.find((candidate) => candidate.name === name)
  if (service === undefined) throw new TypeError(`system ${system.name} has no service ${name}`)
  return service
}

/** Whether the service keeps a schema for every tenant. */
export const hasSchemaTenants = (service: Service): boolean => service.tenancy.kind === 'schema'
