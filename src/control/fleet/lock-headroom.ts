import { type Connection, sql } from '../../postgres/index.ts'

/**
 * Free places in the server's lock table. Locks of the fast path need none; a schema change takes no
 * such locks. Slots of prepared transactions and of background processes are left as a reserve.
 */
export async function freeLocks(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ free: number }>(sql /* SQL */`
    SELECT current_setting('max_locks_per_transaction')::integer * current_setting('max_connections')::integer
      - (SELECT count(*) FROM pg_locks WHERE NOT fastpath)::integer AS free`)
  return row?.free ?? 0
}
