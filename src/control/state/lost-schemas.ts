import { type Connection, literal, type Sql, sql } from '../../postgres/index.ts'

/**
 * Schemas that the ledger has migrations of and that do not stand any more: somebody dropped them. Once they
 * are made again, their migrations must run again. Needs the ledger.
 *
 * @param schemas the only ones that matter, or null
 */
export async function lostSchemas(
  connection: Connection,
  schemas: readonly string[] | null,
): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ schema: string }>(sql /* SQL */`
    SELECT DISTINCT schema FROM panal.ledger_applied
    WHERE (${schemas}::text[] IS NULL OR schema = ANY (${schemas}::text[]))
      AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = schema)`)
  return new Set(rows.map(({ schema }) => schema))
}

/** The statements by which the ledger forgets what was applied to a schema. */
export function forgetSchema(schema: string): readonly Sql[] {
  return [
    sql /* SQL */`DELETE FROM panal.ledger_applied WHERE schema = ${literal(schema)}`,
    sql /* SQL */`DELETE FROM panal.ledger_statements WHERE schema = ${literal(schema)}`,
  ]
}
