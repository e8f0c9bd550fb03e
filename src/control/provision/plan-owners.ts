import { CONTROL_ROLE, type Target } from '../../model/index.ts'
import { ident, join, type Sql, sql, trusted } from '../../postgres/index.ts'
import { handedOver } from '../access/index.ts'
import type { RelationKind, SchemaFacts } from '../catalog/index.ts'
import { SUPERUSER } from './plan.ts'
import type { SchemaPlanning } from './schema-planning.ts'

const ALTERABLE: Readonly<Record<RelationKind, Sql>> = {
  r: trusted('TABLE'),
  p: trusted('TABLE'),
  v: trusted('VIEW'),
  m: trusted('MATERIALIZED VIEW'),
  f: trusted('FOREIGN TABLE'),
  S: trusted('SEQUENCE'),
}

interface OwnedObject {
  readonly owner: string
  /** As ALTER names it: `TABLE "courses"."lessons"`. */
  readonly object: Sql
  readonly subject: string
}

/**
 * Whatever stands in the schema belongs to its owner; else the next migration could not touch it.
 *
 * @returns the schema as it will be then, to compare its rights with the matrix
 */
export function planOwners(planning: SchemaPlanning, target: Target, standing: SchemaFacts): SchemaFacts {
  const settled = new Set<string>()
  for (const { owner, object, subject } of ownedObjects(target.schema, standing)) {
    if (owner === target.owner) continue
    const content = {
      sql: sql`ALTER ${object} OWNER TO ${ident(target.owner)}`.statement,
      action: 'change',
      subject: `owner of ${subject}`,
      reason: `${owner} → ${target.owner}`,
      asks: 'owner',
    } as const
    const giver = giverFor(planning, owner)
    if (giver === null) {
      // The old owner himself cannot: he is no member of the new one.
      planning.addUnreachable(SUPERUSER, content)
      continue
    }
    planning.add('schemas', giver, { system: target.system, target }, content)
    settled.add(owner)
  }
  return handedOver(standing, settled, target.owner)
}

/** The schema first: a table's new owner must be allowed to create in it. */
function* ownedObjects(schema: string, standing: SchemaFacts): Generator<OwnedObject> {
  yield { owner: standing.owner, object: sql`SCHEMA ${ident(schema)}`, subject: `schema ${schema}` }
  for (const { owner, kind, names, dependent } of standing.relations) {
    // The sequence of a serial column follows its table.
    if (dependent) continue
    for (const name of names) {
      yield { owner, object: sql`${ALTERABLE[kind]} ${ident(schema, name)}`, subject: `${schema}.${name}` }
    }
  }
  for (const { owner, routines } of standing.routines) {
    for (const { name, argumentTypes } of routines) {
      const types = join(argumentTypes.map(([typeSchema, type]) => ident(typeSchema, type)))
      yield { owner, object: sql`ROUTINE ${ident(schema, name)}(${types})`, subject: `${schema}.${name}` }
    }
  }
  for (const { owner, name } of standing.types) {
    yield { owner, object: sql`TYPE ${ident(schema, name)}`, subject: `type ${schema}.${name}` }
  }
}

/**
 * Who gives an object away must have the old owner's rights and be able to become the new one, which
 * SET ROLE to the old owner alone does not give. Null: nobody that the operator can be.
 */
function giverFor(planning: SchemaPlanning, owner: string): string | null {
  const { operator } = planning.input.cluster
  if (operator.superuser || owner === operator.name) return operator.name
  if (owner === CONTROL_ROLE || planning.memberships.inherits(CONTROL_ROLE, owner)) return CONTROL_ROLE
  return planning.memberships.inherits(operator.name, owner) ? operator.name : null
}
