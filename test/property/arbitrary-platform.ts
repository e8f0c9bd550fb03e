import fc from 'fast-check'
import type { GrantDefinition, TablePrivilege } from '../../src/model/index.ts'
import {
  BASE,
  isRelation,
  isTable,
  loginOf,
  type ObjectSpec,
  objectsOf,
  type PlatformSpec,
  type RoleSpec,
  type ServiceSpec,
  type SystemSpec,
} from './platform-spec.ts'

/** What stays as long as a platform lives: its services, and everything that their files will ever make. */
const skeletonOfService = fc.record({
  tenancy: fc.constantFrom('none' as const, 'none' as const, 'schema' as const, 'row' as const),
  north: fc.nat(3).map((number) => number > 0),
  objects: fc.array(
    fc.record({
      kind: fc.constantFrom<ObjectSpec['kind'][]>(
        'table',
        'table',
        'partitioned',
        'view',
        'matview',
        'routine',
        'procedure',
      ),
      key: fc.constantFrom<ObjectSpec['key'][]>('serial', 'identity', 'none'),
      keyless: fc.boolean(),
      /** The version of the platform whose files have it first. */
      since: fc.nat(2),
    }),
    { maxLength: 6 },
  ),
})

const privileges = fc.uniqueArray(
  fc.constantFrom<TablePrivilege[]>(
    'select',
    'insert',
    'update',
    'delete',
    'truncate',
    'references',
    'trigger',
  ),
  { maxLength: 4 },
)

/** Points at services and objects by number; what it cannot mean is left out, so that it shrinks well. */
const access = fc.record({
  of: fc.nat(3),
  only: fc.option(fc.array(fc.nat(6), { minLength: 1, maxLength: 2 })),
})

const describedService = fc.record({
  present: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  login: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  reads: fc.array(access, { maxLength: 3 }),
  references: fc.array(access, { maxLength: 1 }),
  tables: fc.array(fc.record({ object: fc.nat(6), privileges }), { maxLength: 2 }),
  grants: fc.array(
    fc.record({ to: fc.nat(6), on: fc.nat(6), privileges, columns: fc.boolean(), sequence: fc.boolean() }),
    { maxLength: 2 },
  ),
  limits: fc.record(
    {
      connections: fc.integer({ min: 1, max: 50 }),
      statementTimeoutMs: fc.integer({ min: 0, max: 60_000 }),
      lockTimeoutMs: fc.integer({ min: 0, max: 60_000 }),
    },
    { requiredKeys: [] },
  ),
})

const describedSystem = fc.record({
  services: fc.array(describedService, { minLength: 4, maxLength: 4 }),
  roles: fc.array(fc.record({ login: fc.boolean(), members: fc.array(fc.nat(6), { maxLength: 2 }) }), {
    maxLength: 2,
  }),
  runtime: fc.boolean(),
})

const skeletonOfSystem = fc.record({
  services: fc.array(skeletonOfService, { minLength: 1, maxLength: 4 }),
  tenants: fc.nat(3),
  north: fc.nat(3).map((number) => number > 0),
  extension: fc.boolean(),
})

type SystemSkeleton = typeof skeletonOfSystem extends fc.Arbitrary<infer T> ? T : never
type SystemDescription = typeof describedSystem extends fc.Arbitrary<infer T> ? T : never
type ServiceDescription = SystemDescription['services'][number]

const NAMES = ['alpha', 'beta'] as const
const SERVICES = ['one', 'two', 'three', 'four'] as const
const place = (north: boolean): string => (north ? 'north' : 'south')

/** Valid descriptions of one platform, one after the other in its life: files are only ever added. */
export function arbitraryHistory(versions: number): fc.Arbitrary<readonly PlatformSpec[]> {
  return fc
    .array(
      fc.record({
        skeleton: skeletonOfSystem,
        versions: fc.array(describedSystem, { minLength: versions, maxLength: versions }),
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((systems) =>
      Array.from({ length: versions }, (_, version) => ({
        systems: systems.map(({ skeleton, versions: described }, index) =>
          systemSpec(NAMES[index]!, skeleton, described[version]!, version),
        ),
      })),
    )
}

export const arbitraryPlatform: fc.Arbitrary<PlatformSpec> = arbitraryHistory(1).map((history) => history[0]!)

function systemSpec(
  name: string,
  skeleton: SystemSkeleton,
  described: SystemDescription,
  version: number,
): SystemSpec {
  const bare = skeleton.services.map((service, index): ServiceSpec => {
    const { login, limits } = described.services[index]!
    return {
      name: SERVICES[index]!,
      tenancy: service.tenancy,
      database: place(service.north),
      // Row tenancy without anybody who reads is refused.
      login: login || service.tenancy === 'row',
      reads: [],
      references: [],
      tables: {},
      grants: [],
      limits,
      files: filesOf(service, version),
    }
  })
  // A system keeps its first service, and one with a schema per tenant: the registry remembers its tenants.
  const present = bare.filter(
    (service, index) => index === 0 || service.tenancy === 'schema' || described.services[index]!.present,
  )
  const system: SystemSpec = {
    name,
    database: place(skeleton.north),
    services: present,
    roles: [],
    runtime: described.runtime,
    extension: skeleton.extension,
    tenants: ['ada', 'bob', 'eve'].slice(0, skeleton.tenants),
  }
  const roles = rolesOf(system, described)
  const services = present.map((service) => {
    const index = SERVICES.indexOf(service.name as (typeof SERVICES)[number])
    return completed({ ...system, roles }, service, described.services[index]!)
  })
  return { ...system, roles, services }
}

function filesOf(service: SystemSkeleton['services'][number], version: number): ServiceSpec['files'] {
  const base: ObjectSpec = { kind: 'table', name: BASE, key: 'none', keyless: false }
  const numbered = service.objects.map(({ kind, key, keyless, since }, index) => ({
    since,
    object: { kind, name: `${kind}_${index + 1}`, key, keyless },
  }))
  const versions = Array.from({ length: version + 1 }, (_, at) =>
    numbered.filter(({ since }) => since === at).map(({ object }) => object),
  )
  const [first = [], ...later] = versions
  return [[base, ...first], ...later].filter((objects) => objects.length > 0)
}

function rolesOf(system: SystemSpec, { roles }: SystemDescription): readonly RoleSpec[] {
  const logins = namedLogins(system)
  const specs: RoleSpec[] = []
  for (const [index, { login, members }] of roles.entries()) {
    // Of the declared roles only earlier ones, so that there is no circle.
    const candidates = [...logins, ...specs.map((role) => role.name)]
    specs.push({ name: `${system.name}_group_${index + 1}`, login, members: pick(candidates, members) })
  }
  return specs
}

const namedLogins = (system: SystemSpec): readonly string[] =>
  system.services
    .filter((service) => service.tenancy !== 'schema' && service.login)
    .map((service) => loginOf(system, service, null))

function completed(system: SystemSpec, service: ServiceSpec, described: ServiceDescription): ServiceSpec {
  const mayReach = (other: ServiceSpec): boolean =>
    other.name !== service.name &&
    other.database === service.database &&
    (other.tenancy !== 'schema' || service.tenancy === 'schema')
  const accesses = (wanted: ServiceDescription['reads']): ServiceSpec['reads'] => {
    const chosen = new Map<string, readonly string[] | null>()
    for (const { of, only } of wanted) {
      const other = system.services[of]
      if (other === undefined || !mayReach(other) || chosen.has(other.name)) continue
      chosen.set(other.name, only === null ? null : pick(relationNames(other), only))
    }
    return [...chosen].map(([name, only]) => ({ service: name, only }))
  }
  const tables = described.tables.flatMap(({ object, privileges: granted }) =>
    pick(openRelations(service), [object]).map((name) => [name, granted] as const),
  )
  return {
    ...service,
    reads: accesses(described.reads),
    references: accesses(described.references),
    tables: Object.fromEntries(tables),
    grants: described.grants.flatMap((grant) => grantOf(system, service, grant)),
  }
}

function grantOf(
  system: SystemSpec,
  service: ServiceSpec,
  wanted: ServiceDescription['grants'][number],
): readonly GrantDefinition[] {
  const [to] = pick([...namedLogins(system), ...system.roles.map((role) => role.name)], [wanted.to])
  const [on] = pick(openRelations(service), [wanted.on])
  if (to === undefined || on === undefined) return []
  const object = objectsOf(service).find(({ name }) => name === on)!
  if (wanted.sequence && object.kind === 'table' && object.key !== 'none' && on !== BASE) {
    return [{ to, on: `${on}_id_seq`, privileges: ['usage', 'select'] }]
  }
  const columns = new Set(['select', 'insert', 'update', 'references'])
  const granted = wanted.columns ? wanted.privileges.filter((name) => columns.has(name)) : wanted.privileges
  if (granted.length === 0) return []
  return [{ to, on, privileges: granted, ...(wanted.columns ? { columns: ['label'] } : {}) }]
}

const relationNames = (service: ServiceSpec): readonly string[] =>
  objectsOf(service)
    .filter(isRelation)
    .map(({ name }) => name)

/** What rights may be declared on: row tenancy withholds keyless tables' writes and materialised views altogether. */
const openRelations = (service: ServiceSpec): readonly string[] =>
  objectsOf(service)
    .filter(isRelation)
    .filter(
      (object) => service.tenancy !== 'row' || (isTable(object) && !object.keyless) || object.kind === 'view',
    )
    .map(({ name }) => name)

function pick<T>(from: readonly T[], indices: readonly number[]): readonly T[] {
  if (from.length === 0) return []
  return [...new Set(indices.map((index) => from[index % from.length]!))]
}
