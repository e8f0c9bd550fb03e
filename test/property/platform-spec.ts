import type {
  GrantDefinition,
  LimitsDefinition,
  RoleDefinition,
  ServiceDefinition,
  SystemDefinition,
  TablePrivilege,
} from '../../src/model/index.ts'

/** A described platform as plain values, from which definitions, migrations and the expected rights all follow. */
export interface PlatformSpec {
  readonly systems: readonly SystemSpec[]
}

export interface SystemSpec {
  readonly name: string
  readonly database: string
  readonly services: readonly ServiceSpec[]
  readonly roles: readonly RoleSpec[]
  readonly runtime: boolean
  readonly extension: boolean
  /** Slugs, for services with a schema per tenant. */
  readonly tenants: readonly string[]
}

export interface RoleSpec {
  readonly name: string
  readonly login: boolean
  readonly members: readonly string[]
}

export interface AccessSpec {
  readonly service: string
  readonly only: readonly string[] | null
}

export interface ServiceSpec {
  readonly name: string
  readonly tenancy: 'none' | 'schema' | 'row'
  readonly database: string
  readonly login: boolean
  readonly reads: readonly AccessSpec[]
  readonly references: readonly AccessSpec[]
  readonly tables: Readonly<Record<string, readonly TablePrivilege[]>>
  readonly grants: readonly GrantDefinition[]
  readonly limits: LimitsDefinition
  /** What each migration file makes. */
  readonly files: readonly (readonly ObjectSpec[])[]
}

export interface ObjectSpec {
  readonly kind: 'table' | 'partitioned' | 'view' | 'matview' | 'routine' | 'procedure'
  readonly name: string
  readonly key: 'serial' | 'identity' | 'none'
  /** In row tenancy: the table has no tenant column and is listed in `shared`. */
  readonly keyless: boolean
}

/** The table that every service has: in row tenancy, the root. */
export const BASE = 'base'
export const TENANT_KEY = 'org_id'

export const ownerOf = (system: SystemSpec, service: ServiceSpec): string =>
  `${system.name}_${service.name}_owner`

export const loginOf = (system: SystemSpec, service: ServiceSpec, slug: string | null): string =>
  slug === null ? `${system.name}_${service.name}_svc` : `${system.name}_${service.name}_of_${slug}`

export const schemaNameOf = (system: SystemSpec, service: ServiceSpec, slug: string | null): string =>
  slug === null ? `${system.name}_${service.name}` : `${system.name}_${service.name}_${slug}`

/** The tenants of a service: null stands for the one schema of a service that has none. */
export const slugsOf = (system: SystemSpec, service: ServiceSpec): readonly (string | null)[] =>
  service.tenancy === 'schema' ? system.tenants : [null]

export const objectsOf = (service: ServiceSpec): readonly ObjectSpec[] => service.files.flat()

export const isTable = ({ kind }: ObjectSpec): boolean => kind === 'table' || kind === 'partitioned'
export const isRelation = ({ kind }: ObjectSpec): boolean => kind !== 'routine' && kind !== 'procedure'

/** The spec as a person would write it. */
export function systemDefinition(spec: SystemSpec): SystemDefinition<string> {
  const services = spec.services.map((service) => [service.name, serviceDefinition(spec, service)] as const)
  const roles = spec.roles.map(({ name, login, members }): [string, RoleDefinition] => [
    name,
    { login, members },
  ])
  return {
    name: spec.name,
    database: spec.database,
    services: Object.fromEntries(services),
    ...(roles.length === 0 ? {} : { roles: Object.fromEntries(roles) }),
    ...(spec.runtime ? { runtime: true } : {}),
    ...(spec.extension ? { extensions: ['pgcrypto'] } : {}),
  }
}

function serviceDefinition(system: SystemSpec, service: ServiceSpec): ServiceDefinition<string> {
  const { tenancy, login, reads, references, tables, grants, limits } = service
  const access = ({ service: name, only }: AccessSpec) => (only === null ? name : { service: name, only })
  return {
    ...(tenancy === 'schema' ? {} : { schema: schemaNameOf(system, service, null) }),
    ...(tenancy === 'schema' || login ? {} : { login: false as const }),
    ...tenancyDefinition(system, service),
    ...(reads.length === 0 ? {} : { reads: reads.map(access) }),
    ...(references.length === 0 ? {} : { references: references.map(access) }),
    ...(Object.keys(tables).length === 0 ? {} : { tables }),
    ...(grants.length === 0 ? {} : { grants }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function tenancyDefinition(
  system: SystemSpec,
  service: ServiceSpec,
): Pick<ServiceDefinition<string>, 'tenancy'> {
  if (service.tenancy === 'none') return {}
  if (service.tenancy === 'schema') {
    const schema = written(schemaNameOf(system, service, '\0'), (slug) => schemaNameOf(system, service, slug))
    const login = written(loginOf(system, service, '\0'), (slug) => loginOf(system, service, slug))
    return { tenancy: { kind: 'schema', schema, login } }
  }
  const shared = objectsOf(service).filter((object) => isTable(object) && object.keyless)
  return {
    tenancy: {
      kind: 'row',
      key: TENANT_KEY,
      setting: 'app.org',
      root: BASE,
      shared: shared.map(({ name }) => name),
    },
  }
}

/** A naming function that prints as one would write it: `\0` in the pattern is the slug. */
function written(pattern: string, nameOf: (slug: string) => string): (slug: string) => string {
  return Object.assign(nameOf, { toString: () => `(t) => \`${pattern.replace('\0', () => '$' + '{t}')}\`` })
}

/** Where each service lives, as the config's `placement`. */
export function placementDefinition(spec: PlatformSpec): Record<string, Record<string, string>> {
  return Object.fromEntries(
    spec.systems.map((system) => [
      system.name,
      Object.fromEntries(system.services.map((service) => [service.name, service.database])),
    ]),
  )
}

/** A platform as TypeScript, so that a counterexample can be read and pasted. */
export function toTypeScript(spec: PlatformSpec): string {
  const systems = spec.systems.map(
    (system) => `// tenants: ${system.tenants.join(', ')}\ndefineSystem(${print(systemDefinition(system))})`,
  )
  const files = spec.systems.flatMap((system) =>
    system.services.flatMap((service) =>
      service.files.map((objects, index) => {
        const made = objects.map(
          ({ kind, name, key, keyless }) => `${kind} ${name} ${key}${keyless ? ' keyless' : ''}`,
        )
        return `// ${system.name}/${service.name} file ${index + 1}: ${made.join(', ')}`
      }),
    ),
  )
  return [...systems, `// placement: ${print(placementDefinition(spec))}`, ...files].join('\n')
}

function print(value: unknown, indent = ''): string {
  if (typeof value === 'function') return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => print(item, indent)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const entries = Object.entries(value).map(([key, item]) => `${inner}${key}: ${print(item, inner)},`)
  return entries.length === 0 ? '{}' : `{\n${entries.join('\n')}\n${indent}}`
}
