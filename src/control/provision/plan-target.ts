import { CONTROL_ROLE, type System, serviceOf, type Target } from '../../model/index.ts'
import { ident, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import { type AccessChange, targetAccess } from '../access/index.ts'
import {
  markerOf,
  type RelationKind,
  type RowSchemaFacts,
  type SchemaFacts,
  systemOfMarker,
} from '../catalog/index.ts'
import type { SchemaPlanning } from './schema-planning.ts'
import { statements } from './statements.ts'

/** Plans one target: its schema, who owns what in it, default privileges, rights and policies. */
export function planTarget(planning: SchemaPlanning, system: System, target: Target): void {
  const standing = planning.input.schemas.schemas.get(target.schema)
  if (standing === undefined) {
    planning.add('schemas', CONTROL_ROLE, { system: system.name, target }, createSchema(target))
    planAccess(planning, system, target, emptySchema(target))
    return
  }
  if (systemOfMarker(standing.comment) !== target.system && !adopt(planning, target)) return
  planOwners(planning, target, standing)
  planAccess(planning, system, target, standing)
}

function createSchema(target: Target): Parameters<SchemaPlanning['add']>[3] {
  return {
    sql: statements([
      sql`CREATE SCHEMA ${ident(target.schema)} AUTHORIZATION ${ident(target.owner)}`,
      sql`COMMENT ON SCHEMA ${ident(target.schema)} IS ${literal(markerOf(target.system))}`,
    ]),
    action: 'create',
    subject: `schema ${target.schema}`,
    reason: `owner ${target.owner}`,
  }
}

/** A declared schema that stands without a mark is somebody's until he says otherwise. */
function adopt(planning: SchemaPlanning, target: Target): boolean {
  if (!planning.input.adopt) {
    const { schema: name, system } = target
    planning.unmarked.push({ kind: 'schema', name, system, database: planning.input.database.key })
    return false
  }
  planning.add(
    'schemas',
    planning.input.cluster.operator.name,
    { system: target.system, target },
    {
      sql: sql`COMMENT ON SCHEMA ${ident(target.schema)} IS ${literal(markerOf(target.system))}`.statement,
      action: 'change',
      subject: `schema ${target.schema}`,
      reason: 'adopted',
      asks: 'owner',
    },
  )
  return true
}

/** A schema as CREATE SCHEMA will leave it. */
function emptySchema(target: Target): SchemaFacts {
  const { schema: name, owner } = target
  return { name, owner, comment: null, acl: [], relations: [], routines: [], columnGrants: [] }
}

const ALTERABLE: Readonly<Record<RelationKind, Sql>> = {
  r: trusted('TABLE'),
  p: trusted('TABLE'),
  v: trusted('VIEW'),
  m: trusted('MATERIALIZED VIEW'),
  f: trusted('FOREIGN TABLE'),
  S: trusted('SEQUENCE'),
}

/** Whatever stands in the schema belongs to its owner; else the next migration could not touch it. */
function planOwners(planning: SchemaPlanning, target: Target, standing: SchemaFacts): void {
  const handOver = (from: string, object: Sql, subject: string): void => {
    planning.add(
      'schemas',
      actorFor(planning, from),
      { system: target.system, target },
      {
        sql: sql`ALTER ${object} OWNER TO ${ident(target.owner)}`.statement,
        action: 'change',
        subject: `owner of ${subject}`,
        reason: `${from} → ${target.owner}`,
        asks: 'owner',
      },
    )
  }
  if (standing.owner !== target.owner) {
    handOver(standing.owner, sql`SCHEMA ${ident(target.schema)}`, `schema ${target.schema}`)
  }
  for (const group of standing.relations) {
    if (group.owner === target.owner || group.dependent) continue
    for (const name of group.names) {
      const object = sql`${ALTERABLE[group.kind]} ${ident(target.schema, name)}`
      handOver(group.owner, object, `${target.schema}.${name}`)
    }
  }
  for (const group of standing.routines) {
    if (group.owner === target.owner) continue
    for (const { name, argumentTypes } of group.routines) {
      const types = argumentTypes.map(([schema, type]) => ident(schema, type))
      const list = types.length === 0 ? trusted('') : types.reduce((left, right) => sql`${left}, ${right}`)
      handOver(group.owner, sql`ROUTINE ${ident(target.schema, name)}(${list})`, `${target.schema}.${name}`)
    }
  }
}

/** Who gives an object away: its owner, where the operator can become him; else the operator, and the server decides. */
function actorFor(planning: SchemaPlanning, owner: string): string {
  const { operator } = planning.input.cluster
  return operator.superuser || !planning.memberships.mayBecome(owner) ? operator.name : owner
}

function planAccess(planning: SchemaPlanning, system: System, target: Target, schema: SchemaFacts): void {
  const rows = rowsOf(planning, system, target)
  const facts = { schema, defaults: planning.defaultsOf(target.schema), rows }
  const access = targetAccess(system, target, facts, (role) => planning.isManaged(role))
  for (const change of access.changes) addAccessChange(planning, target, change)
  const database = planning.input.database.key
  planning.foreign.push(...access.foreign.map((grant) => ({ ...grant, database })))
  for (const message of access.problems) {
    planning.problems.push({ system: target.system, service: target.service, tenant: target.tenant, message })
  }
}

function rowsOf(planning: SchemaPlanning, system: System, target: Target): RowSchemaFacts | undefined {
  if (serviceOf(system, target.service).tenancy.kind !== 'row') return undefined
  return planning.input.rows.get(target.schema) ?? { tables: [], views: [] }
}

function addAccessChange(planning: SchemaPlanning, target: Target, change: AccessChange): void {
  const revokes = change.kind === 'revoke'
  planning.add(
    'privileges',
    change.as,
    { system: target.system, target },
    {
      sql: change.sql.statement,
      action: revokes ? 'remove' : 'create',
      subject: change.kind === 'row security' ? change.subject : `grant ${change.subject}`,
      reason: revokes ? 'not declared' : 'declared',
      ...(revokes ? { asks: 'revoke' as const } : {}),
    },
  )
}
