import { ident, join, type Sql, sql, trusted } from '../../postgres/index.ts'
import type {
  AclItem,
  ColumnGrantFacts,
  DefaultAclFacts,
  Privilege,
  RelationKind,
  SchemaFacts,
} from '../catalog/index.ts'
import type { AccessChange, ForeignGrant } from './access-change.ts'
import { diffRights, type RightsDifference } from './diff-rights.ts'
import { relationsSql, roleSql, routinesSql } from './object-sql.ts'
import { privilegesSql, sortPrivileges } from './privilege-sql.ts'
import { type Rights, RightsBuilder } from './rights.ts'
import type { WantedAccess } from './wanted-access.ts'

export interface SchemaChanges {
  readonly changes: readonly AccessChange[]
  readonly foreign: readonly ForeignGrant[]
}

/**
 * The statements that make the rights on a schema and on everything in it equal the matrix.
 *
 * @param isManaged whether a role is Panal's to grant to and to revoke from
 */
export function schemaChanges(
  facts: SchemaFacts,
  wanted: WantedAccess,
  isManaged: (role: string) => boolean,
): SchemaChanges {
  const collector = new ChangeCollector(facts.name, isManaged)
  collector.compare(facts.acl, wanted.onSchema, facts.owner, {
    object: sql`SCHEMA ${ident(facts.name)}`,
    subject: `schema ${facts.name}`,
  })
  compareRelations(collector, facts, wanted)
  for (const group of facts.routines) {
    collector.compare(group.acl, wanted.onRoutines, group.owner, {
      object: routinesSql(facts.name, group.kind, group.routines),
      subject: subjectOf(
        facts.name,
        group.routines.map((routine) => routine.name),
      ),
    })
  }
  compareColumns(collector, facts, wanted)
  return { changes: collector.changes, foreign: collector.foreign }
}

function compareRelations(collector: ChangeCollector, facts: SchemaFacts, wanted: WantedAccess): void {
  for (const group of facts.relations) {
    // Relations that nothing names share one answer, and so one statement.
    const common = group.names.filter((name) => !wanted.named.has(name))
    const single = group.names.filter((name) => wanted.named.has(name))
    for (const names of [common, ...single.map((name) => [name])]) {
      if (names.length === 0) continue
      collector.compare(group.acl, wanted.onRelation(names[0]!, group.kind), group.owner, {
        object: relationsSql(facts.name, group.kind, names),
        subject: subjectOf(facts.name, names, group.kind),
      })
    }
  }
}

function compareColumns(collector: ChangeCollector, facts: SchemaFacts, wanted: WantedAccess): void {
  const key = (relation: string, column: string): string => `${relation}.${column}`
  const rights = new Map<string, RightsBuilder>()
  for (const { relation, column, role, privilege } of wanted.onColumns) {
    const builder = rights.get(key(relation, column)) ?? new RightsBuilder()
    rights.set(key(relation, column), builder.add(role, [privilege]))
  }
  const kinds = facts.relations.flatMap((group) => group.names.map((name) => ({ name, owner: group.owner })))
  const owners = new Map(kinds.map(({ name, owner }) => [name, owner]))
  const existing = new Map(facts.columnGrants.map((grant) => [key(grant.relation, grant.column), grant]))
  const places = new Map<string, Pick<ColumnGrantFacts, 'relation' | 'column'>>([
    ...wanted.onColumns.map((right) => [key(right.relation, right.column), right] as const),
    ...existing,
  ])
  for (const [place, { relation, column }] of places) {
    const owner = owners.get(relation)
    // A grant on a table that no migration has made yet waits for it.
    if (owner === undefined) continue
    collector.compare(existing.get(place)?.acl ?? [], rights.get(place)?.rights ?? new Map(), owner, {
      object: sql`TABLE ${ident(facts.name, relation)}`,
      subject: `${facts.name}.${relation}.${column}`,
      column,
    })
  }
}

/** The statements that make an owner's default privileges in one schema equal the matrix. */
export function defaultChanges(
  schema: string,
  owner: string,
  facts: readonly DefaultAclFacts[],
  wanted: WantedAccess['defaults'],
  isManaged: (role: string) => boolean,
): readonly AccessChange[] {
  const collector = new ChangeCollector(schema, isManaged)
  const objects = { tables: wanted.tables, sequences: wanted.sequences, routines: wanted.routines }
  for (const [kind, rights] of Object.entries(objects) as ['tables' | 'sequences' | 'routines', Rights][]) {
    const own = facts.find((row) => row.schema === schema && row.creator === owner && row.objects === kind)
    collector.compareDefault(own?.acl ?? [], rights, owner, kind)
  }
  // Whoever else creates things in a managed schema must not open them to a managed role.
  for (const row of facts) {
    if (row.schema !== schema || row.creator === owner) continue
    if (row.objects === 'tables' || row.objects === 'sequences' || row.objects === 'routines') {
      collector.compareDefault(row.acl, new Map(), row.creator, row.objects)
    }
  }
  return collector.changes
}

/**
 * PostgreSQL lets PUBLIC execute every new routine; only a default without a schema can take that
 * back (one within a schema adds to it and never takes away).
 */
export function ownerDefaultChanges(
  owner: string,
  facts: readonly DefaultAclFacts[],
): readonly AccessChange[] {
  const row = facts.find(
    (candidate) =>
      candidate.creator === owner && candidate.schema === null && candidate.objects === 'routines',
  )
  if (row !== undefined && !row.acl.some((item) => item.grantee === 'public')) return []
  return [
    {
      kind: 'default',
      as: owner,
      sql: sql`ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC`,
      subject: `new routines of ${owner} are not executable by public`,
    },
  ]
}

const DEFAULT_OBJECTS = {
  tables: trusted('TABLES'),
  sequences: trusted('SEQUENCES'),
  routines: trusted('ROUTINES'),
} as const

interface GrantObject {
  readonly object: Sql
  readonly subject: string
  readonly column?: string
}

/** Turns differences into statements, one for each role and set of privileges. */
class ChangeCollector {
  readonly changes: AccessChange[] = []
  readonly foreign: ForeignGrant[] = []
  readonly #schema: string
  readonly #isManaged: (role: string) => boolean

  constructor(schema: string, isManaged: (role: string) => boolean) {
    this.#schema = schema
    this.#isManaged = isManaged
  }

  compare(acl: readonly AclItem[], wanted: Rights, owner: string, place: GrantObject): void {
    const difference = diffRights(acl, wanted, owner, this.#isManaged)
    this.#noteForeign(difference, place.subject)
    const list = (privileges: readonly Privilege[]): Sql => privilegeListSql(privileges, place.column)
    for (const { grantee, grantor, privileges, optionOnly } of difference.over) {
      const option = optionOnly ? trusted('GRANT OPTION FOR ') : trusted('')
      // CASCADE takes along what the grantee granted on with an option that he should not have had.
      this.changes.push({
        kind: 'revoke',
        as: grantor,
        sql: sql`REVOKE ${option}${list(privileges)} ON ${place.object} FROM ${roleSql(grantee)} CASCADE`,
        subject: `${describe(privileges)}${optionOnly ? ' with grant option' : ''} on ${place.subject} from ${grantee}`,
      })
    }
    for (const { grantee, privileges } of difference.under) {
      this.changes.push({
        kind: 'grant',
        as: owner,
        sql: sql`GRANT ${list(privileges)} ON ${place.object} TO ${roleSql(grantee)}`,
        subject: `${describe(privileges)} on ${place.subject} to ${grantee}`,
      })
    }
  }

  compareDefault(
    acl: readonly AclItem[],
    wanted: Rights,
    creator: string,
    objects: keyof typeof DEFAULT_OBJECTS,
  ): void {
    const difference = diffRights(acl, wanted, creator, this.#isManaged)
    this.#noteForeign(difference, `new ${objects} of ${creator} in ${this.#schema}`)
    const prefix = sql`ALTER DEFAULT PRIVILEGES IN SCHEMA ${ident(this.#schema)}`
    const on = DEFAULT_OBJECTS[objects]
    for (const { grantee, privileges } of difference.over) {
      this.changes.push({
        kind: 'revoke',
        as: creator,
        sql: sql`${prefix} REVOKE ${privilegesSql(privileges)} ON ${on} FROM ${roleSql(grantee)}`,
        subject: `${describe(privileges)} on new ${objects} in ${this.#schema} from ${grantee}`,
      })
    }
    for (const { grantee, privileges } of difference.under) {
      this.changes.push({
        kind: 'default',
        as: creator,
        sql: sql`${prefix} GRANT ${privilegesSql(privileges)} ON ${on} TO ${roleSql(grantee)}`,
        subject: `${describe(privileges)} on new ${objects} in ${this.#schema} to ${grantee}`,
      })
    }
  }

  #noteForeign(difference: RightsDifference, subject: string): void {
    for (const { grantee, grantor, privileges } of difference.foreign) {
      this.foreign.push({ grantee, grantor, subject: `${describe(privileges)} on ${subject}` })
    }
  }
}

function privilegeListSql(privileges: readonly Privilege[], column: string | undefined): Sql {
  if (column === undefined) return privilegesSql(privileges)
  return join(
    sortPrivileges(privileges).map((privilege) => sql`${privilegesSql([privilege])} (${ident(column)})`),
  )
}

const describe = (privileges: readonly Privilege[]): string => sortPrivileges(privileges).join(', ')

/** `courses.*` for many, `courses.lessons` for one. */
function subjectOf(schema: string, names: readonly string[], kind?: RelationKind): string {
  if (names.length === 1) return `${schema}.${names[0]}`
  const what = kind === 'S' ? 'sequences' : kind === undefined ? 'routines' : 'tables'
  return `${names.length} ${what} of ${schema}`
}
