import { ownerDefaultChanges } from '../access/index.ts'
import type { Plan } from './plan.ts'
import { planExtensions, planExtensionsInPublic } from './plan-extensions.ts'
import { planOrphanSchemas } from './plan-orphan-schemas.ts'
import { planOwnSchemas } from './plan-own-schemas.ts'
import { planTarget } from './plan-target.ts'
import { type SchemaPlanInput, SchemaPlanning } from './schema-planning.ts'

/** What separates the schemas of one database, and everything in them, from the model; pure. */
export function planSchemas(input: SchemaPlanInput): Plan {
  const planning = new SchemaPlanning(input)
  planOwnSchemas(planning)
  for (const system of input.systems) planExtensions(planning, system)
  planExtensionsInPublic(planning)
  // Defaults come before any schema: a routine made between the two would be everybody's.
  for (const [owner, system] of planning.owners) planOwnerDefaults(planning, system, owner)
  const systems = new Map(input.systems.map((system) => [system.name, system]))
  for (const target of input.targets) planTarget(planning, systems.get(target.system)!, target)
  if (input.orphans) planOrphanSchemas(planning)
  return planning.plan
}

function planOwnerDefaults(planning: SchemaPlanning, system: string, owner: string): void {
  const { defaults } = planning.input.schemas
  for (const change of ownerDefaultChanges(owner, defaults, (role) => planning.isManaged(role))) {
    const revokes = change.kind === 'revoke'
    planning.add(
      'privileges',
      owner,
      { system },
      {
        sql: change.sql.statement,
        action: revokes ? 'remove' : 'create',
        subject: change.subject,
        reason: revokes ? 'not declared' : 'PostgreSQL lets everybody execute a new routine',
        ...(revokes ? { asks: 'revoke' as const } : {}),
      },
    )
  }
}
