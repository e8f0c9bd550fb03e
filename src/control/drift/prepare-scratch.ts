import { EXTENSIONS_SCHEMA, type System, serviceOf, type Target } from '../../model/index.ts'
import { type Connection, ident, sql } from '../../postgres/index.ts'
import { targetAccess } from '../access/index.ts'
import { readRowFacts, readSchemasFacts } from '../catalog/index.ts'
import { withOperatorRights } from './operator-rights.ts'

/** An extension as the managed database has it. */
export interface InstalledExtension {
  readonly name: string
  readonly schema: string
}

/** The extensions that a system declares and a database has. */
export async function installedExtensions(
  connection: Connection,
  system: System,
): Promise<readonly InstalledExtension[]> {
  const names = system.extensions.map(({ name }) => name)
  return await connection.query<InstalledExtension>(sql /* SQL */`
    SELECT extname AS name, nspname AS schema FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = ANY (${names}) ORDER BY extname`)
}

/**
 * Makes what migrations of these targets find before their first file: extensions, schemas of the real owners,
 * and the rights and default privileges that the model gives. Nobody can log in here, so the real
 * logins stand in policies and grants and get nothing.
 */
export async function prepareScratch(
  connection: Connection,
  system: System,
  targets: readonly Target[],
  extensions: readonly InstalledExtension[],
): Promise<void> {
  for (const schema of new Set([EXTENSIONS_SCHEMA, ...extensions.map(({ schema }) => schema)])) {
    if (schema !== 'public') await connection.script(sql`CREATE SCHEMA ${ident(schema)}`.statement)
    for (const owner of new Set(targets.map((target) => target.owner))) {
      await connection.script(sql`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(owner)}`.statement)
    }
  }
  for (const { name, schema } of extensions) {
    await withOperatorRights(connection, sql`CREATE EXTENSION ${ident(name)} SCHEMA ${ident(schema)}`)
  }
  for (const { schema, owner } of targets) {
    await connection.script(sql`CREATE SCHEMA ${ident(schema)} AUTHORIZATION ${ident(owner)}`.statement)
  }
  await grantAccess(connection, system, targets)
}

async function grantAccess(
  connection: Connection,
  system: System,
  targets: readonly Target[],
): Promise<void> {
  const names = targets.map(({ schema }) => schema)
  const owners = [...new Set(targets.map(({ owner }) => owner))]
  const facts = await readSchemasFacts(connection, { schemas: names, owners, withMarked: false })
  const rows = await readRowFacts(connection, names)
  for (const target of targets) {
    const schema = facts.schemas.get(target.schema)
    if (schema === undefined) throw new TypeError(`schema ${target.schema} was not made`)
    const row = serviceOf(system, target.service).tenancy.kind === 'row'
    const access = targetAccess(
      system,
      target,
      { schema, defaults: facts.defaults, rows: row ? rows.get(target.schema) : undefined },
      () => false,
    )
    for (const change of access.changes) {
      const become = sql`SET LOCAL ROLE ${ident(change.as)}`.statement
      await connection.script(['BEGIN', become, change.sql.statement, 'COMMIT'].join(';\n'))
    }
  }
}
