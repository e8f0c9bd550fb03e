import { EXTENSIONS_SCHEMA } from './role-names.ts'
import { type Service, type System, serviceOf } from './system.ts'

/** One schema in one database that migrations apply to: a service's, or a tenant's. */
export interface Target {
  readonly system: string
  readonly service: string
  /** The slug, or null for a service's own schema. */
  readonly tenant: string | null
  /** A key of the config's databases: which database it lives in. */
  readonly database: string
  readonly schema: string
  readonly owner: string
  /** The login with DML on the schema, or null. */
  readonly login: string | null
}

/** The target of a service, or of a tenant of a service with a schema per tenant. */
export function targetOf(service: Service, tenant: string | null, database: string): Target {
  const { tenancy } = service
  const common = { system: service.system, service: service.name, database, owner: service.owner }
  if (tenancy.kind !== 'schema') {
    if (tenant !== null) throw new TypeError(`service ${service.name} has no schema per tenant`)
    return { ...common, tenant: null, schema: tenancy.schema, login: tenancy.login }
  }
  if (tenant === null) throw new TypeError(`service ${service.name} has a schema per tenant: name the tenant`)
  return { ...common, tenant, schema: tenancy.schema(tenant), login: tenancy.login(tenant) }
}

/**
 * The schemas that a target's login looks in: its own, those it reads in their declared order,
 * then the extensions' (ACC-20). A tenant's target reads the same tenant of another service with
 * a schema per tenant.
 */
export function searchPathOf(system: System, target: Target): readonly string[] {
  const service = serviceOf(system, target.service)
  const read = service.reads.map((access) => schemaOf(serviceOf(system, access.service), target.tenant))
  return [target.schema, ...read, EXTENSIONS_SCHEMA]
}

/** The schema of a service, for one of its tenants where it keeps one each. */
export function schemaOf(service: Service, tenant: string | null): string {
  if (service.tenancy.kind !== 'schema') return service.tenancy.schema
  if (tenant === null) throw new TypeError(`service ${service.name} has a schema per tenant: name the tenant`)
  return service.tenancy.schema(tenant)
}

/** `acc-lms/courses` or `bo-tech/shop/acme`: how a target is named to a person. */
export function formatTarget(target: Pick<Target, 'system' | 'service' | 'tenant'>): string {
  return target.tenant === null
    ? `${target.system}/${target.service}`
    : `${target.system}/${target.service}/${target.tenant}`
}
