import { type Connection, sql } from '../../postgres/index.ts'

/** The shape that a list of files makes of a schema, as it was found in a scratch database. */
export interface ShapeRecord {
  /** A hash of everything that the shape follows from. */
  readonly key: string
  readonly system: string
  readonly service: string
  readonly fingerprint: string
  /** What the schema was called; bodies of functions may hold its name. */
  readonly schema: string
  /** Kind, name and definition of each object. */
  readonly facts: readonly (readonly [kind: string, name: string, definition: string])[]
}

/** The recorded shapes of these keys. */
export async function findShapes(
  connection: Connection,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ShapeRecord>> {
  const rows = await connection.query<ShapeRecord>(sql /* SQL */`
    SELECT key, system, service, fingerprint, schema, facts FROM panal.shapes WHERE key = ANY (${keys})`)
  return new Map(rows.map((row) => [row.key, row]))
}

/** Records shapes. What a key stands for never changes, so one that is known is left alone. */
export async function recordShapes(connection: Connection, shapes: readonly ShapeRecord[]): Promise<void> {
  for (const { key, system, service, fingerprint, schema, facts } of shapes) {
    await connection.query(sql /* SQL */`
      INSERT INTO panal.shapes (key, system, service, fingerprint, schema, facts)
      VALUES (${key}, ${system}, ${service}, ${fingerprint}, ${schema}, ${JSON.stringify(facts)}::jsonb)
      ON CONFLICT (key) DO NOTHING`)
  }
}
