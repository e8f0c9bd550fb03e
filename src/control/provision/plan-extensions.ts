import { CONTROL_ROLE, EXTENSIONS_SCHEMA, type System } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import type { SchemaPlanning } from './schema-planning.ts'

/** One that already stands elsewhere is used where it is: moving it would break whoever uses it there. */
export function planExtensions(planning: SchemaPlanning, system: System): void {
  for (const extension of system.extensions) {
    const facts = planning.input.schemas.extensions.get(extension.name)
    if (facts !== undefined && facts.schema !== null) continue
    if (facts === undefined) {
      if (!extension.optional) planning.problems.push(missingExtension(system.name, extension.name))
      continue
    }
    planning.add(
      'extensions',
      CONTROL_ROLE,
      { system: system.name },
      {
        // Two systems of one plan may want the same one.
        sql: sql`CREATE EXTENSION IF NOT EXISTS ${ident(extension.name)} SCHEMA ${ident(EXTENSIONS_SCHEMA)}`
          .statement,
        action: 'create',
        subject: `extension ${extension.name}`,
        reason: 'declared in extensions',
      },
    )
  }
}

function missingExtension(
  system: string,
  name: string,
): { system: string; service: string; tenant: null; message: string } {
  return {
    system,
    service: '*',
    tenant: null,
    message: `the server has no extension ${name}; install its package, or declare '${name}?' if the system can do without`,
  }
}
