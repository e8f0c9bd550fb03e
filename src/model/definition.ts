/** What a person writes in `system.ts` and `panal.config.ts`. Resolved forms stand in system.ts and config.ts. */

export type TablePrivilege = 'select' | 'insert' | 'update' | 'delete' | 'truncate' | 'references' | 'trigger'

/** Another service's schema, readable as a whole or only the tables named. */
export type AccessDefinition<N extends string> = N | { readonly service: N; readonly only: readonly string[] }

/** A right beyond the service's own DML and the `reads`, given to a role of the same system. */
export interface GrantDefinition {
  /** A login of the system, a role of `roles`, or another service's owner, as which its definer routines act. */
  readonly to: string
  /** A table, view or sequence of this service's schema; with `execute` a routine, all its overloads. */
  readonly on: string
  readonly privileges: readonly (TablePrivilege | 'usage' | 'execute')[]
  /** Narrows `select`, `insert`, `update` and `references` to these columns. */
  readonly columns?: readonly string[]
}

/** One shared schema, no tenants: the default. */
export interface NoTenancyDefinition {
  readonly kind: 'none'
}

/** A schema and a login for every tenant, all made by the service's migrations. */
export interface SchemaTenancyDefinition {
  readonly kind: 'schema'
  readonly schema: (slug: string) => string
  readonly login: (slug: string) => string
  /**
   * How many finished schemas are kept ready for tenants to come: `tenant create` renames one. The largest
   * number of a system's services holds for all of them. Default: 0.
   */
  readonly pool?: number
}

/** Shared tables with a tenant column under row-level security. */
export interface RowTenancyDefinition {
  readonly kind: 'row'
  /** The tenant column; every table of the schema has it or is listed in `shared`. */
  readonly key: string
  /** The setting that holds the tenant of the transaction, for example `app.current_organization`. */
  readonly setting: string
  /** The table whose primary key the tenant column refers to; its own key is `rootKey`. */
  readonly root: string
  /** The column of `root` that identifies the tenant. Default: `id`. */
  readonly rootKey?: string
  /** The type of the key. Default: `uuid`. */
  readonly keyType?: 'uuid' | 'bigint' | 'integer' | 'text'
  /** Tables without the key (logins may only read them), or with a nullable key (null rows are everybody's). */
  readonly shared?: readonly string[]
}

export type TenancyDefinition = NoTenancyDefinition | SchemaTenancyDefinition | RowTenancyDefinition

/** Limits of each login of a service. Whatever is left out stays as the server has it. */
export interface LimitsDefinition {
  /** Concurrent connections of the login (`CONNECTION LIMIT`). */
  readonly connections?: number
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  readonly idleInTransactionTimeoutMs?: number
}

export interface ServiceDefinition<N extends string> {
  /** Default: the service's name. Not for schema tenancy, which names its own. */
  readonly schema?: string
  /** Default: `<system>_<service>_svc`. `false`: nobody logs in. Not for schema tenancy. */
  readonly login?: string | false
  readonly tenancy?: TenancyDefinition
  /** USAGE on the schema and SELECT on present and future tables (or on those named), nothing else. */
  readonly reads?: readonly AccessDefinition<N>[]
  /** Lets the migrations of this service make foreign keys to that one. */
  readonly references?: readonly AccessDefinition<N>[]
  /** Narrows the login's own rights on single tables. */
  readonly tables?: { readonly [table: string]: readonly TablePrivilege[] }
  readonly grants?: readonly GrantDefinition[]
  /** Views and routines that may run with their owner's rights in row tenancy. */
  readonly definers?: readonly string[]
  readonly limits?: LimitsDefinition
  /** Folder of the migrations, relative to the system's file. Default: `./<service>/migrations`. */
  readonly migrations?: string
  /** Folder of the seeds, relative to the system's file. Default: `./<service>/seeds`. */
  readonly seeds?: string
}

/** A role of the system that is no service's login: a group, or a login of its own. */
export interface RoleDefinition {
  /** Default: false, a group. */
  readonly login?: boolean
  /** Logins or roles of the system that inherit this role's rights. */
  readonly members?: readonly string[]
}

export interface SystemDefinition<N extends string> {
  readonly name: string
  /** A key of the config's `databases`, or the name of a database on the default server. Default: the system's name. */
  readonly database?: string
  /** Kept in schema `extensions`. A trailing `?` means: where the server has it. */
  readonly extensions?: readonly string[]
  readonly services: { readonly [K in N]: ServiceDefinition<NoInfer<N>> }
  readonly roles?: { readonly [role: string]: RoleDefinition }
  /** Adds the pooled login `<system>_runtime`, which may SET ROLE to the tenants' logins and owns nothing. */
  readonly runtime?: boolean
}

export interface DatabaseDefinition {
  /** A `postgres://` URL of an operator. Undefined: the embedded PostgreSQL. */
  readonly url?: string | undefined
}

/** A service's database key for every tenant, or by tenant. */
export type PlacementDefinition = string | ((slug: string) => string)

export interface EnvironmentDefinition {
  /** `default` is the server for every database that is not named here. */
  readonly databases?: { readonly [key: string]: DatabaseDefinition }
  /** System, then service: where its targets live. Default: the system's own `database`. */
  readonly placement?: { readonly [system: string]: { readonly [service: string]: PlacementDefinition } }
  /** Where the registry lives. Default: a database `panal` on the default server. */
  readonly control?: { readonly url: string | undefined }
}

export interface ConfigDefinition extends EnvironmentDefinition {
  /** Files, or patterns with `*`, relative to the config. */
  readonly systems: readonly string[]
  readonly environments?: { readonly [name: string]: EnvironmentDefinition }
}
