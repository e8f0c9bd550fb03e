import { type Connection, sql } from '../../postgres/index.ts'

/**
 * Finds a finished tenant whose slug begins with a prefix, and holds its row until the transaction ends, so that
 * nobody else takes it. Null when there is none, or others hold them all.
 */
export async function lockSpareTenant(
  connection: Connection,
  system: string,
  prefix: string,
): Promise<string | null> {
  const [row] = await connection.query<{ slug: string }>(sql /* SQL */`
    SELECT slug FROM panal.tenants
    WHERE system = ${system} AND starts_with(slug, ${prefix}) AND status = 'active'
    ORDER BY status_since, slug LIMIT 1 FOR UPDATE SKIP LOCKED`)
  return row?.slug ?? null
}

/** Forgets a tenant whose schemas have become somebody else's. */
export async function deleteTenantRecord(
  connection: Connection,
  system: string,
  slug: string,
): Promise<void> {
  await connection.query(sql /* SQL */`
    WITH gone AS (DELETE FROM panal.targets WHERE system = ${system} AND tenant = ${slug})
    DELETE FROM panal.tenants WHERE system = ${system} AND slug = ${slug}`)
}
