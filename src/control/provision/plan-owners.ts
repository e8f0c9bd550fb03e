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

/** A schema, and who should own everything in it. */
export type Heir = Pick<Target, 'system' | 'schema' | 'owner'> & {
  /** The target that the steps are booked under. Default: the system. */
  readonly target?: Target
  /** Of whose things. Default: everybody's. */
  readonly takesFrom?: (owner: string) => boolean
}

/**
 * Whatever stands in the schema belongs to its owner; else the next migration could not touch it.
 *
 * @returns the schema as it will be then, to compare its rights with the matrix
 */
export function planOwners(planning: SchemaPlanning, heir: Heir, standing: SchemaFacts): SchemaFacts {
  const { system, target, takesFrom } = heir
  const place = { system, ...(target === undefined ? {} : { target }) }
  const givers = new Map<string, string | null>()
  const settled = new Set<string>()
  for (const { owner, sql: text, subject } of handOvers(heir, standing)) {
    if (takesFrom?.(owner) === false) continue
    if (!givers.has(owner)) givers.set(owner, giverFor(planning, standing, owner))
    const giver = givers.get(owner) ?? null
    const content = {
      sql: text.statement,
      action: 'change',
      subject,
      reason: `${owner} → ${heir.owner}`,
      asks: 'owner',
    } as const
    if (giver === null) {
      // The old owner himself cannot: he is no member of the new one.
      planning.addUnreachable(SUPERUSER, content)
      continue
    }
    planning.add('schemas', giver, place, content)
    settled.add(owner)
  }
  return handedOver(standing, settled, heir.owner)
}

interface HandOver {
  /** Who has it now. */
  readonly owner: string
  readonly sql: Sql
  readonly subject: string
}

/**
 * A new owner must be allowed to create in the schema, and whoever gives must be allowed to name what
 * is in it: so the new owner is let in first, and the schema itself changes hands last.
 */
function* handOvers(heir: Heir, standing: SchemaFacts): Generator<HandOver> {
  const schema = sql`SCHEMA ${ident(heir.schema)}`
  const to = ident(heir.owner)
  const objects = [...ownedObjects(heir.schema, standing)].filter(({ owner }) => owner !== heir.owner)
  const moves = standing.owner !== heir.owner
  if (moves && objects.length > 0) {
    const letIn = sql`GRANT USAGE, CREATE ON ${schema} TO ${to}`
    yield { owner: standing.owner, sql: letIn, subject: `access to schema ${heir.schema}` }
  }
  for (const { owner, object, subject } of objects) {
    yield { owner, sql: sql`ALTER ${object} OWNER TO ${to}`, subject: `owner of ${subject}` }
  }
  if (moves) {
    const change = sql`ALTER ${schema} OWNER TO ${to}`
    yield { owner: standing.owner, sql: change, subject: `owner of schema ${heir.schema}` }
  }
}

interface OwnedObject {
  readonly owner: string
  /** As ALTER names it: `TABLE "courses"."lessons"`. */
  readonly object: Sql
  readonly subject: string
}

function* ownedObjects(schema: string, standing: SchemaFacts): Generator<OwnedObject> {
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
function giverFor(planning: SchemaPlanning, standing: SchemaFacts, owner: string): string | null {
  const { operator } = planning.input.cluster
  const { memberships } = planning
  if (operator.superuser) return operator.name
  if (memberships.inherits(CONTROL_ROLE, owner)) return CONTROL_ROLE
  // He inherits nothing from the control role, so he reaches into his own schemas only.
  const reaches = memberships.inherits(operator.name, standing.owner)
  return reaches && memberships.inherits(operator.name, owner) ? operator.name : null
}
