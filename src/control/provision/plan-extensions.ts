import { CONTROL_ROLE, EXTENSIONS_SCHEMA, type Extension, type System } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import { type PlanProblem, SUPERUSER } from './plan.ts'
import { planUsage } from './plan-own-schemas.ts'
import type { SchemaPlanning } from './schema-planning.ts'

/** Plans the extensions that a system declares. */
export function planExtensions(planning: SchemaPlanning, system: System): void {
  for (const extension of system.extensions) {
    const facts = planning.input.schemas.extensions.get(extension.name)
    if (facts?.schema != null) continue
    if (facts === undefined) {
      if (!extension.optional) planning.problems.push(missingExtension(system.name, extension.name))
      continue
    }
    planInstallation(planning, system, extension, facts.trusted)
  }
}

/**
 * One that stands elsewhere is used where it is: moving it would break whoever uses it there. Schema
 * public is closed to PUBLIC, so there the systems are let in; any other schema is its owner's.
 */
export function planExtensionsInPublic(planning: SchemaPlanning): void {
  const schema = planning.input.schemas.schemas.get('public')
  if (schema !== undefined && planning.hasExtensionInPublic) planUsage(planning, schema)
}

function planInstallation(
  planning: SchemaPlanning,
  system: System,
  extension: Extension,
  trusted: boolean,
): void {
  const content = {
    // Two systems of one plan may want the same one.
    sql: sql`CREATE EXTENSION IF NOT EXISTS ${ident(extension.name)} SCHEMA ${ident(EXTENSIONS_SCHEMA)}`
      .statement,
    action: 'create',
    subject: `extension ${extension.name}`,
    reason: 'declared in extensions',
  } as const
  const { operator } = planning.input.cluster
  if (trusted) planning.add('extensions', CONTROL_ROLE, { system: system.name }, content)
  else if (operator.superuser) planning.add('extensions', operator.name, { system: system.name }, content)
  // What only a superuser can install is as good as absent where it is optional.
  else if (!extension.optional) planning.addUnreachable(SUPERUSER, content)
}

function missingExtension(system: string, name: string): PlanProblem {
  return {
    code: 'PANAL_MODEL_INVALID',
    system,
    service: '*',
    tenant: null,
    message: `the server has no extension ${name}; install its package, or declare '${name}?' if the system can do without`,
  }
}
