import { type Connection, sql } from '../../postgres/index.ts'

/**
 * Of these schemas, those with constraint triggers that can wait until COMMIT. Their functions are
 * users' own and find tables by the search_path of that moment, which in a batch is the last
 * target's. Keys and unique constraints that wait do not look at it.
 */
export async function deferringSchemas(
  connection: Connection,
  schemas: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ schema: string }>(sql /* SQL */`
    SELECT DISTINCT nspname::text AS schema
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE tgdeferrable AND NOT tgisinternal AND nspname = ANY (${schemas}::text[])`)
  return new Set(rows.map(({ schema }) => schema))
}
