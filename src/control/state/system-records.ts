import { type Connection, sql } from '../../postgres/index.ts'

/** A system that was provisioned at least in part. */
export interface SystemRecord {
  readonly name: string
  readonly createdAt: Date
}

/** Records systems; those that are known stay as they are. */
export async function recordSystems(connection: Connection, names: readonly string[]): Promise<void> {
  // Sorted, so that two at once wait for each other in the same order.
  await connection.query(sql /* SQL */`
    INSERT INTO panal.systems (name)
    SELECT name FROM unnest(${[...names].sort()}::text[]) AS given (name)
    ON CONFLICT DO NOTHING`)
}

export async function listSystems(connection: Connection): Promise<readonly SystemRecord[]> {
  return await connection.query<SystemRecord>(
    sql /* SQL */`SELECT name, created_at AS "createdAt" FROM panal.systems ORDER BY name`,
  )
}

/**
 * Holds the system's row until the transaction ends, so that one flow at a time gives out tenants of it.
 * NO KEY UPDATE lets the foreign keys of rows that others insert pass.
 */
export async function lockSystem(connection: Connection, name: string): Promise<void> {
  await connection.query(sql /* SQL */`SELECT FROM panal.systems WHERE name = ${name} FOR NO KEY UPDATE`)
}
