import { closingChanges } from '../access/index.ts'
import { type SchemaFacts, systemOfMarker } from '../catalog/index.ts'
import { planOwners } from './plan-owners.ts'
import type { SchemaPlanning } from './schema-planning.ts'

/** A schema that left the model keeps its data, and nobody but its owner reaches it any more. */
export function planOrphanSchemas(planning: SchemaPlanning): void {
  const systems = new Set(planning.input.systems.map((system) => system.name))
  for (const schema of planning.input.schemas.schemas.values()) {
    const system = systemOfMarker(schema.comment)
    if (system === null || !systems.has(system) || planning.input.knownSchemas.has(schema.name)) continue
    planning.orphans.push({
      kind: 'schema',
      name: schema.name,
      system,
      database: planning.input.database.key,
    })
    // An owner of another service could not even revoke here, with no USAGE on the schema.
    const heir = { system, schema: schema.name, owner: schema.owner }
    const takesFrom = (owner: string): boolean => planning.isManaged(owner)
    planClosing(planning, system, planOwners(planning, { ...heir, takesFrom }, schema))
  }
}

function planClosing(planning: SchemaPlanning, system: string, schema: SchemaFacts): void {
  const defaults = planning.defaultsOf(schema.name)
  for (const change of closingChanges(schema, defaults, (role) => planning.isManaged(role))) {
    planning.add(
      'privileges',
      change.as,
      { system },
      {
        sql: change.sql.statement,
        action: 'remove',
        subject: `grant ${change.subject}`,
        reason: 'its schema left the model',
        asks: 'revoke',
      },
    )
  }
}
