import {
  type AccessSpec,
  isRelation,
  isTable,
  loginOf,
  type ObjectSpec,
  objectsOf,
  ownerOf,
  type PlatformSpec,
  type ServiceSpec,
  type SystemSpec,
  schemaNameOf,
  slugsOf,
} from './platform-spec.ts'

/** Object (`alpha_one.base`, `schema alpha_one`, `database`) to privileges, as the server spells them. */
type Rights = Map<string, Set<string>>

const ALL_OF_TABLE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
const DML = ['SELECT', 'INSERT', 'UPDATE', 'DELETE']

/**
 * What every role of a platform may do in one database, derived from the words of the documentation ("Roles and grants", "Row tenancy")
 * and from nothing in src/control/access: first what each role is given, then what it inherits.
 */
export function expectedRights(
  spec: PlatformSpec,
  database: string,
): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const book = new RightsBook()
  for (const system of spec.systems) {
    for (const role of rolesOf(system)) book.of(role)
    writeConnect(book, system, database)
    for (const service of system.services) {
      if (service.database !== database) continue
      for (const slug of slugsOf(system, service)) writeSchema(book, system, service, slug)
    }
  }
  const effective = new Map<string, Rights>()
  for (const system of spec.systems) {
    for (const role of rolesOf(system)) effective.set(role, book.withInherited(role, inheritance(system)))
  }
  return effective
}

class RightsBook {
  readonly #direct = new Map<string, Rights>()

  of(role: string): Rights {
    const rights = this.#direct.get(role) ?? new Map<string, Set<string>>()
    this.#direct.set(role, rights)
    return rights
  }

  give(role: string, object: string, privileges: readonly string[]): void {
    if (privileges.length === 0) return
    const rights = this.of(role)
    rights.set(object, new Set([...(rights.get(object) ?? []), ...privileges]))
  }

  /** A right on a column counts only where the table itself does not give it. */
  withInherited(role: string, groupsOf: (role: string) => readonly string[]): Rights {
    const all: Rights = new Map()
    const visit = (name: string): void => {
      for (const [object, privileges] of this.of(name)) {
        all.set(object, new Set([...(all.get(object) ?? []), ...privileges]))
      }
      for (const group of groupsOf(name)) visit(group)
    }
    visit(role)
    for (const [object, privileges] of all) {
      const table = /^([^ .]+\.[^ .]+)\.[^ .]+$/.exec(object)?.[1]
      if (table === undefined) continue
      for (const privilege of all.get(table) ?? []) privileges.delete(privilege)
      if (privileges.size === 0) all.delete(object)
    }
    return all
  }
}

const connectOf = (system: SystemSpec): string => `${system.name}_connect`
const runtimeOf = (system: SystemSpec): string => `${system.name}_runtime`
const tenantsOf = (system: SystemSpec, service: ServiceSpec): string =>
  `${system.name}_${service.name}_tenants`

const loginsOf = (system: SystemSpec, service: ServiceSpec): readonly string[] =>
  service.tenancy === 'schema' || service.login
    ? slugsOf(system, service).map((slug) => loginOf(system, service, slug))
    : []

/** Tenants read a schema that is not a tenant's through one group. */
const readsShared = (system: SystemSpec, service: ServiceSpec): boolean =>
  service.tenancy === 'schema' &&
  service.reads.some((access) => serviceNamed(system, access)?.tenancy !== 'schema')

const serviceNamed = (system: SystemSpec, access: AccessSpec): ServiceSpec | undefined =>
  system.services.find((service) => service.name === access.service)

/** Every role of a system but its creators. */
export function rolesOf(system: SystemSpec): readonly string[] {
  return [
    connectOf(system),
    ...(system.runtime ? [runtimeOf(system)] : []),
    ...system.roles.map((role) => role.name),
    ...system.services.flatMap((service) => [
      ownerOf(system, service),
      ...loginsOf(system, service),
      ...(readsShared(system, service) ? [tenantsOf(system, service)] : []),
    ]),
  ]
}

/** The runtime inherits nothing; it may only take the tenants' roles on. */
function inheritance(system: SystemSpec): (role: string) => readonly string[] {
  const groups = new Map<string, string[]>()
  const join = (member: string, group: string): void => {
    groups.set(member, [...(groups.get(member) ?? []), group])
  }
  for (const role of system.roles) {
    if (role.login) join(role.name, connectOf(system))
    for (const member of role.members) join(member, role.name)
  }
  for (const service of system.services) {
    for (const login of loginsOf(system, service)) {
      join(login, connectOf(system))
      if (readsShared(system, service)) join(login, tenantsOf(system, service))
    }
  }
  return (role) => groups.get(role) ?? []
}

export function databasesOfSystem(system: SystemSpec): ReadonlySet<string> {
  const lived = system.services.filter((service) => slugsOf(system, service).length > 0)
  return new Set([system.database, ...lived.map((service) => service.database)])
}

function writeConnect(book: RightsBook, system: SystemSpec, database: string): void {
  if (!databasesOfSystem(system).has(database)) return
  book.give(connectOf(system), 'database', ['CONNECT'])
  if (system.runtime) book.give(runtimeOf(system), 'database', ['CONNECT'])
}

/** A relation of one schema, as rights see it: tables' partitions beside the tables, sequences apart. */
interface Place {
  readonly name: string
  readonly object: ObjectSpec
  readonly partition: boolean
}

function writeSchema(book: RightsBook, system: SystemSpec, service: ServiceSpec, slug: string | null): void {
  const schema = schemaNameOf(system, service, slug)
  const owner = ownerOf(system, service)
  const relations = relationsOf(service)
  const sequences = sequencesOf(service)
  const routines = objectsOf(service).filter((object) => !isRelation(object))
  const enter = (role: string): void => book.give(role, `schema ${schema}`, ['USAGE'])
  const onRelation = (role: string, place: Place, privileges: readonly string[]): void =>
    book.give(role, `${schema}.${place.name}`, allowed(service, place, privileges))

  book.give(owner, `schema ${schema}`, ['CREATE', 'USAGE'])
  for (const { name } of relations) book.give(owner, `${schema}.${name}`, ALL_OF_TABLE)
  for (const name of sequences) book.give(owner, `${schema}.${name}`, ['USAGE', 'SELECT', 'UPDATE'])
  for (const { name } of routines) book.give(owner, `${schema}.${name}()`, ['EXECUTE'])

  if (slug !== null || service.login) {
    const login = loginOf(system, service, slug)
    enter(login)
    for (const place of relations) {
      const narrowed = service.tables[place.name]?.map((privilege) => privilege.toUpperCase())
      onRelation(login, place, narrowed ?? DML)
    }
    for (const name of sequences) book.give(login, `${schema}.${name}`, ['USAGE'])
    for (const { name } of routines) book.give(login, `${schema}.${name}()`, ['EXECUTE'])
  }
  for (const { role, only, privilege } of visitors(system, service, slug)) {
    enter(role)
    for (const place of relations) {
      if (only === null || only.includes(place.name)) onRelation(role, place, [privilege])
    }
  }
  for (const grant of service.grants) {
    enter(grant.to)
    const object = grant.columns === undefined ? grant.on : `${grant.on}.${grant.columns[0]}`
    book.give(
      grant.to,
      `${schema}.${object}`,
      grant.privileges.map((privilege) => privilege.toUpperCase()),
    )
  }
}

/** Who reads or refers to one schema: logins the first, owners the second. */
function visitors(
  system: SystemSpec,
  service: ServiceSpec,
  slug: string | null,
): readonly { role: string; only: readonly string[] | null; privilege: string }[] {
  return system.services.flatMap((other) => {
    const read = other.reads.find((access) => access.service === service.name)
    const refer = other.references.find((access) => access.service === service.name)
    const reader =
      other.tenancy !== 'schema'
        ? other.login
          ? loginOf(system, other, null)
          : null
        : slug === null
          ? tenantsOf(system, other)
          : loginOf(system, other, slug)
    return [
      ...(read === undefined || reader === null
        ? []
        : [{ role: reader, only: read.only, privilege: 'SELECT' }]),
      ...(refer === undefined
        ? []
        : [{ role: ownerOf(system, other), only: refer.only, privilege: 'REFERENCES' }]),
    ]
  })
}

/** What row tenancy takes from a right: partitions and materialised views are closed, keyless tables only read. */
function allowed(
  service: ServiceSpec,
  { object, partition }: Place,
  privileges: readonly string[],
): readonly string[] {
  if (service.tenancy !== 'row') return privileges
  if (partition || object.kind === 'matview') return []
  if (!isTable(object) || !object.keyless) return privileges
  return privileges.filter((privilege) => privilege === 'SELECT' || privilege === 'REFERENCES')
}

function relationsOf(service: ServiceSpec): readonly Place[] {
  return objectsOf(service)
    .filter(isRelation)
    .flatMap((object) => [
      { name: object.name, object, partition: false },
      ...(object.kind === 'partitioned' ? [{ name: `${object.name}_low`, object, partition: true }] : []),
    ])
}

const sequencesOf = (service: ServiceSpec): readonly string[] =>
  objectsOf(service)
    .filter((object) => isTable(object) && object.key !== 'none')
    .map(({ name }) => `${name}_id_seq`)
