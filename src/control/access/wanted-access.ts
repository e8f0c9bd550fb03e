import {
  type Access,
  type GrantDefinition,
  type Service,
  type System,
  serviceOf,
  type Target,
  tenantsRole,
} from '../../model/index.ts'
import type { Privilege, RelationKind } from '../catalog/index.ts'
import { DML, type Rights, RightsBuilder } from './rights.ts'

/** The access matrix of one schema: every right that a role other than the owner should have on it. */
export interface WantedAccess {
  readonly schema: string
  readonly owner: string
  readonly onSchema: Rights
  readonly onRoutines: Rights
  /** Routines whose rights differ from `onRoutines`. */
  readonly namedRoutines: ReadonlySet<string>
  onRoutine(name: string): Rights
  /** Routines that nobody but the owner may execute. */
  readonly closedRoutines: ReadonlySet<string>
  /** Rights on relations that nothing names: what default privileges give. */
  readonly onTables: Rights
  readonly onSequences: Rights
  /** Relations whose rights differ from `onTables` or `onSequences`. */
  readonly named: ReadonlySet<string>
  onRelation(name: string, kind: RelationKind): Rights
  readonly onColumns: readonly ColumnRight[]
  /** Default privileges of the owner in this schema; all empty in row tenancy. */
  readonly defaults: {
    readonly tables: Rights
    readonly sequences: Rights
    readonly routines: Rights
  }
}

export interface ColumnRight {
  readonly role: string
  readonly relation: string
  readonly column: string
  readonly privilege: Privilege
}

const NOBODY: Rights = new Map()

/** Compiles what the model says of one target's schema; pure. */
export function wantedAccess(system: System, target: Target): WantedAccess {
  const service = serviceOf(system, target.service)
  const readers = accessors(system, target, 'reads')
  const referrers = accessors(system, target, 'references')
  const granted = service.grants.map((grant) => grant.to)

  const onSchema = new RightsBuilder().add(target.login, ['usage'])
  for (const role of [...readers, ...referrers].map((accessor) => accessor.role).concat(granted)) {
    onSchema.add(role, ['usage'])
  }
  const onTables = tableRights(null, service, target, readers, referrers)
  const onSequences = new RightsBuilder().add(target.login, ['usage']).rights
  const onRoutines = new RightsBuilder().add(target.login, ['execute']).rights
  const rowTenancy = service.tenancy.kind === 'row'
  return {
    schema: target.schema,
    owner: target.owner,
    onSchema: onSchema.rights,
    onRoutines,
    namedRoutines: new Set(service.grants.filter(isOnRoutine).map((grant) => grant.on)),
    onRoutine: (name) => routineRights(name, service, target),
    closedRoutines: new Set(),
    onTables,
    onSequences,
    named: namedRelations(service, [...readers, ...referrers]),
    onRelation: (name, kind) =>
      kind === 'S'
        ? sequenceRights(name, service, target)
        : tableRights(name, service, target, readers, referrers),
    onColumns: service.grants.flatMap((grant) =>
      (grant.columns ?? []).flatMap((column) =>
        grant.privileges.map((privilege) => ({ role: grant.to, relation: grant.on, column, privilege })),
      ),
    ),
    // In row tenancy a table must not be open before its policies stand: everything is granted after them.
    defaults: rowTenancy
      ? { tables: NOBODY, sequences: NOBODY, routines: NOBODY }
      : { tables: onTables, sequences: onSequences, routines: onRoutines },
  }
}

/** Whether default privileges alone give the whole matrix, so that nothing is left to do after a file. */
export function defaultsSuffice(system: System, target: Target): boolean {
  const service = serviceOf(system, target.service)
  if (service.tenancy.kind === 'row') return false
  const wanted = wantedAccess(system, target)
  return wanted.named.size === 0 && wanted.namedRoutines.size === 0 && wanted.onColumns.length === 0
}

interface Accessor {
  readonly role: string
  readonly only: readonly string[] | null
}

/** Who declares access to this target's service: logins for `reads`, owners for `references`. */
function accessors(system: System, target: Target, kind: 'reads' | 'references'): readonly Accessor[] {
  return system.services.flatMap((other) => {
    const access = other[kind].find((candidate: Access) => candidate.service === target.service)
    if (access === undefined) return []
    const role = kind === 'references' ? other.owner : readerRole(other, target)
    return role === null ? [] : [{ role, only: access.only }]
  })
}

/**
 * The role that reads on behalf of a service. A shared schema's access list must not grow with the
 * tenants, so the tenants of a service read it through one group.
 */
function readerRole(reader: Service, target: Target): string | null {
  if (reader.tenancy.kind !== 'schema') return reader.tenancy.login
  return target.tenant === null
    ? tenantsRole(reader.system, reader.name)
    : reader.tenancy.login(target.tenant)
}

function tableRights(
  name: string | null,
  service: Service,
  target: Target,
  readers: readonly Accessor[],
  referrers: readonly Accessor[],
): Rights {
  const rights = new RightsBuilder()
  rights.add(target.login, (name === null ? undefined : service.tables.get(name)) ?? DML)
  for (const { role, only } of readers) if (reaches(only, name)) rights.add(role, ['select'])
  for (const { role, only } of referrers) if (reaches(only, name)) rights.add(role, ['references'])
  for (const grant of service.grants) {
    if (isOnRelation(grant, name)) rights.add(grant.to, grant.privileges)
  }
  return rights.rights
}

function sequenceRights(name: string, service: Service, target: Target): Rights {
  const rights = new RightsBuilder().add(target.login, ['usage'])
  for (const grant of service.grants) {
    if (isOnRelation(grant, name)) rights.add(grant.to, grant.privileges)
  }
  return rights.rights
}

function routineRights(name: string, service: Service, target: Target): Rights {
  const rights = new RightsBuilder().add(target.login, ['execute'])
  for (const grant of service.grants) {
    if (isOnRoutine(grant) && grant.on === name) rights.add(grant.to, grant.privileges)
  }
  return rights.rights
}

const isOnRoutine = (grant: GrantDefinition): boolean => grant.privileges.includes('execute')

/** Whether it is of the relation as a whole: a routine may have the same name, and columns have their own rights. */
const isOnRelation = (grant: GrantDefinition, name: string | null): boolean =>
  grant.on === name && grant.columns === undefined && !isOnRoutine(grant)

const reaches = (only: readonly string[] | null, name: string | null): boolean =>
  only === null || (name !== null && only.includes(name))

function namedRelations(service: Service, accessors: readonly Accessor[]): ReadonlySet<string> {
  return new Set([
    ...service.tables.keys(),
    ...service.grants.filter((grant) => !isOnRoutine(grant)).map((grant) => grant.on),
    ...accessors.flatMap((accessor) => accessor.only ?? []),
  ])
}
