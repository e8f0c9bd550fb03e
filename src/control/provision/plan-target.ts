import { CONTROL_ROLE, type System, serviceOf, type Target } from '../../model/index.ts'
import { ident, literal, sql } from '../../postgres/index.ts'
import { type AccessChange, targetAccess } from '../access/index.ts'
import { markerOf, type RowSchemaFacts, type SchemaFacts, systemOfMarker } from '../catalog/index.ts'
import { forgetSchema } from '../state/index.ts'
import { planOwners } from './plan-owners.ts'
import type { SchemaPlanning, StepContent } from './schema-planning.ts'
import { statements } from './statements.ts'

/** Plans one target: its schema, who owns what in it, default privileges, rights and policies. */
export function planTarget(planning: SchemaPlanning, system: System, target: Target): void {
  const standing = planning.input.schemas.schemas.get(target.schema)
  if (standing === undefined) {
    planning.add(
      'schemas',
      CONTROL_ROLE,
      { system: system.name, target },
      createSchema(target, planning.input.lost.has(target.schema)),
    )
    planAccess(planning, system, target, emptySchema(target))
    return
  }
  if (systemOfMarker(standing.comment) !== target.system && !adopt(planning, target, standing)) return
  planAccess(planning, system, target, planOwners(planning, { ...target, target }, standing))
}

/** @param lost whether its migrations have to run again, since somebody dropped it with what they had made */
function createSchema(target: Target, lost: boolean): StepContent {
  return {
    sql: statements([
      ...(lost ? forgetSchema(target.schema) : []),
      sql`CREATE SCHEMA ${ident(target.schema)} AUTHORIZATION ${ident(target.owner)}`,
      sql`COMMENT ON SCHEMA ${ident(target.schema)} IS ${literal(markerOf(target.system))}`,
    ]),
    action: 'create',
    subject: `schema ${target.schema}`,
    reason: lost ? 'it was dropped; its migrations run again' : `owner ${target.owner}`,
  }
}

/** A declared schema that stands without a mark is somebody's until he says otherwise. */
function adopt(planning: SchemaPlanning, target: Target, standing: SchemaFacts): boolean {
  if (!planning.input.adopt) {
    const { schema: name, system } = target
    planning.unmarked.push({ kind: 'schema', name, system, database: planning.input.database.key })
    return false
  }
  const { operator } = planning.input.cluster
  const own = operator.superuser || planning.memberships.inherits(operator.name, standing.owner)
  planning.add(
    'schemas',
    own ? operator.name : standing.owner,
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
  const nothing = { acl: [], ownerLacks: [], relations: [], routines: [], columnGrants: [], types: [] }
  return { name, owner, comment: null, ...nothing }
}

function planAccess(planning: SchemaPlanning, system: System, target: Target, schema: SchemaFacts): void {
  const rows = rowsOf(planning, system, target)
  const facts = { schema, defaults: planning.defaultsOf(target.schema), rows }
  const access = targetAccess(system, target, facts, (role) => planning.isManaged(role))
  for (const change of access.changes) addAccessChange(planning, target, change)
  const database = planning.input.database.key
  planning.foreign.push(...access.foreign.map((grant) => ({ ...grant, database })))
  for (const message of access.problems) {
    const { system: name, service, tenant } = target
    planning.problems.push({ code: 'PANAL_ROW_TENANCY', system: name, service, tenant, message })
  }
}

function rowsOf(planning: SchemaPlanning, system: System, target: Target): RowSchemaFacts | undefined {
  if (serviceOf(system, target.service).tenancy.kind !== 'row') return undefined
  return planning.input.rows.get(target.schema) ?? { tables: [], views: [] }
}

function addAccessChange(planning: SchemaPlanning, target: Target, change: AccessChange): void {
  const revokes = change.kind === 'revoke'
  const isRight = change.kind !== 'row security' && !change.subject.startsWith('policy ')
  planning.add(
    'privileges',
    change.as,
    { system: target.system, target },
    {
      sql: change.sql.statement,
      action: revokes ? 'remove' : 'create',
      subject: isRight ? `grant ${change.subject}` : change.subject,
      reason: revokes ? 'not declared' : 'declared',
      ...(revokes ? { asks: 'revoke' as const } : {}),
    },
  )
}
