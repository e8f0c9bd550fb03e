import { ident, sql } from '../../postgres/index.ts'
import type { AclItem, ColumnGrantFacts, RelationKind, SchemaFacts } from '../catalog/index.ts'
import type { AccessChange, ForeignGrant } from './access-change.ts'
import { ChangeCollector } from './change-collector.ts'
import type { OverGrant } from './diff-rights.ts'
import { relationsSql, routinesSql } from './object-sql.ts'
import { type Rights, RightsBuilder } from './rights.ts'
import type { WantedAccess } from './wanted-access.ts'

export interface SchemaChanges {
  readonly changes: readonly AccessChange[]
  readonly foreign: readonly ForeignGrant[]
}

const NOBODY: Rights = new Map()
/** Answers for routines that no grant names. */
const CLOSED = Symbol('closed')
const OPEN = Symbol('open')

/** What is revoked from whole tables, by table: the server takes the same rights on its columns along. */
type TableRevokes = ReadonlyMap<string, readonly OverGrant[]>

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
  const collector = new ChangeCollector(isManaged)
  collector.compare(facts, wanted.onSchema, {
    object: sql`SCHEMA ${ident(facts.name)}`,
    subject: `schema ${facts.name}`,
  })
  const revoked = compareRelations(collector, facts, wanted)
  compareRoutines(collector, facts, wanted)
  compareColumns(collector, facts, wanted, revoked)
  return { changes: collector.changes, foreign: collector.foreign }
}

function compareRelations(
  collector: ChangeCollector,
  facts: SchemaFacts,
  wanted: WantedAccess,
): TableRevokes {
  const revoked = new Map<string, readonly OverGrant[]>()
  for (const group of facts.relations) {
    // Relations that nothing names share one answer, and so one statement.
    const common = group.names.filter((name) => !wanted.named.has(name))
    const single = group.names.filter((name) => wanted.named.has(name))
    for (const names of [common, ...single.map((name) => [name])]) {
      if (names.length === 0) continue
      const over = collector.compare(group, wanted.onRelation(names[0]!, group.kind), {
        object: relationsSql(facts.name, group.kind, names),
        subject: subjectOf(facts.name, names, group.kind),
      })
      if (over.length > 0) for (const name of names) revoked.set(name, over)
    }
  }
  return revoked
}

function compareRoutines(collector: ChangeCollector, facts: SchemaFacts, wanted: WantedAccess): void {
  for (const group of facts.routines) {
    // Routines of one answer share one statement.
    const answers = Map.groupBy(group.routines, ({ name }) => {
      if (wanted.closedRoutines.has(name)) return CLOSED
      return wanted.namedRoutines.has(name) ? name : OPEN
    })
    for (const [answer, routines] of answers) {
      const rights =
        answer === CLOSED ? NOBODY : answer === OPEN ? wanted.onRoutines : wanted.onRoutine(answer)
      const names = routines.map((routine) => routine.name)
      collector.compare(group, rights, {
        object: routinesSql(facts.name, group.kind, routines),
        subject: subjectOf(facts.name, names),
      })
    }
  }
}

function compareColumns(
  collector: ChangeCollector,
  facts: SchemaFacts,
  wanted: WantedAccess,
  revoked: TableRevokes,
): void {
  const key = (relation: string, column: string): string => `${relation}.${column}`
  const rights = new Map<string, RightsBuilder>()
  for (const { relation, column, role, privilege } of wanted.onColumns) {
    const builder = rights.get(key(relation, column)) ?? new RightsBuilder()
    rights.set(key(relation, column), builder.add(role, [privilege]))
  }
  const owners = new Map(
    facts.relations.flatMap((group) => group.names.map((name) => [name, group.owner] as const)),
  )
  const existing = new Map(facts.columnGrants.map((grant) => [key(grant.relation, grant.column), grant]))
  const places = new Map<string, Pick<ColumnGrantFacts, 'relation' | 'column'>>([
    ...wanted.onColumns.map((right) => [key(right.relation, right.column), right] as const),
    ...existing,
  ])
  for (const [place, { relation, column }] of places) {
    const owner = owners.get(relation)
    // A grant on a table that no migration has made yet waits for it.
    if (owner === undefined) continue
    const acl = withoutRevoked(existing.get(place)?.acl ?? [], revoked.get(relation) ?? [])
    collector.compare({ acl, owner }, rights.get(place)?.rights ?? new Map(), {
      object: sql`TABLE ${ident(facts.name, relation)}`,
      subject: `${facts.name}.${relation}.${column}`,
      column,
    })
  }
}

/** REVOKE on a table also revokes on each of its columns, so what is wanted there must be granted again. */
function withoutRevoked(acl: readonly AclItem[], revoked: readonly OverGrant[]): readonly AclItem[] {
  return acl.map((item) => {
    const gone = revoked.filter(
      ({ grantee, grantor }) => grantee === item.grantee && grantor === item.grantor,
    )
    const whole = new Set(gone.filter((over) => !over.optionOnly).flatMap((over) => over.privileges))
    const options = new Set(gone.flatMap((over) => over.privileges))
    return {
      ...item,
      privileges: item.privileges.filter((privilege) => !whole.has(privilege)),
      grantable: item.grantable.filter((privilege) => !options.has(privilege)),
    }
  })
}

/** `3 tables of courses` for many, `courses.lessons` for one. */
function subjectOf(schema: string, names: readonly string[], kind?: RelationKind): string {
  if (names.length === 1) return `${schema}.${names[0]}`
  const what = kind === 'S' ? 'sequences' : kind === undefined ? 'routines' : 'tables'
  return `${names.length} ${what} of ${schema}`
}
