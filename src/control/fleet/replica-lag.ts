import { type Connection, sql } from '../../postgres/index.ts'

/**
 * How far the slowest replica is behind in replaying, in milliseconds. Null when there is none, or
 * when this role may not see it (pg_read_all_stats).
 */
export async function replicaLagMs(connection: Connection): Promise<number | null> {
  const [row] = await connection.query<{ lag: number | null }>(sql /* SQL */`
    SELECT extract(epoch FROM max(replay_lag))::float8 * 1000 AS lag FROM pg_stat_replication`)
  return row?.lag ?? null
}
