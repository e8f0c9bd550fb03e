/** Names of the roles that Panal makes. Roles are cluster-wide, so each carries its system's name. */

/** Owns Panal's databases and is a member of every owner; one per server, NOLOGIN. */
export const CONTROL_ROLE = 'panal_control'

/** The schema of the registry and of every ledger, readable by no login. */
export const PANAL_SCHEMA = 'panal'

/** The schema that holds extensions, on every search_path. */
export const EXTENSIONS_SCHEMA = 'extensions'

const prefixOf = (system: string): string => system.replaceAll('-', '_')

/** NOLOGIN; owns the schema of a service, or the schemas of all its tenants. */
export const ownerRole = (system: string, service: string): string => `${prefixOf(system)}_${service}_owner`

/** The login of a service whose description names none. */
export const defaultLogin = (system: string, service: string): string => `${prefixOf(system)}_${service}_svc`

/** The group through which every login of a system may CONNECT. */
export const connectRole = (system: string): string => `${prefixOf(system)}_connect`

/** The pooled login of a system with `runtime: true`. */
export const runtimeRole = (system: string): string => `${prefixOf(system)}_runtime`

/**
 * NOLOGIN CREATEROLE; creates owners and logins. Several per system, since on PostgreSQL 16+ every
 * created role is an edge that makes the creator's next one slower.
 */
export const creatorRole = (system: string, number: number): string => `${prefixOf(system)}_creator_${number}`

/**
 * The group of all tenants' logins of a service that keeps a schema per tenant. Made only where the
 * tenants read a shared schema, whose access list must not grow with them.
 */
export const tenantsRole = (system: string, service: string): string =>
  `${prefixOf(system)}_${service}_tenants`
