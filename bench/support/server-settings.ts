import { type Connection, sql } from '../../src/postgres/index.ts'

/** The settings of a server that decide about its speed, as it runs. */
export async function serverSettings(connection: Connection): Promise<Record<string, string>> {
  const names = [
    'server_version',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'shared_buffers',
    'max_connections',
  ]
  const rows = await connection.query<{ name: string; value: string }>(
    /* SQL */ sql`select name, current_setting(name) as value from unnest(${names}::text[]) as name`,
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}
