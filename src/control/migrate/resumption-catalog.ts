import { type Connection, sql } from '../../postgres/index.ts'
import type { RelationName } from './resumable-statement.ts'

/** A name with its schema: the one written, else the target's. */
export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

export const qualify = ({ schema, name }: RelationName, targetSchema: string): QualifiedName => ({
  schema: schema ?? targetSchema,
  name,
})

export type IndexState = 'absent' | 'invalid' | 'valid'

/** Whether an index is there, and whether it was built to the end. */
export async function indexState(
  connection: Connection,
  { schema, name }: QualifiedName,
): Promise<IndexState> {
  const [row] = await connection.query<{ valid: boolean }>(sql /* SQL */`
    SELECT i.indisvalid AND i.indisready AS valid
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relname = ${name}`)
  if (row === undefined) return 'absent'
  return row.valid ? 'valid' : 'invalid'
}

/**
 * What a REINDEX CONCURRENTLY that was cut off left behind: invalid indexes named after those of the
 * table, or of the table of the index. `_ccnew` is the new one, `_ccold` the one that it had replaced.
 */
export async function reindexLeftovers(
  connection: Connection,
  { schema, name }: QualifiedName,
  of: 'index' | 'table',
): Promise<readonly QualifiedName[]> {
  return await connection.query<{ schema: string; name: string }>(sql /* SQL */`
    SELECT n.nspname AS schema, c.relname AS name
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND i.indrelid = (
      SELECT CASE WHEN ${of} = 'table' THEN relation.oid ELSE own.indrelid END
      FROM pg_class AS relation
      JOIN pg_namespace AS space ON space.oid = relation.relnamespace
      LEFT JOIN pg_index AS own ON own.indexrelid = relation.oid
      WHERE space.nspname = ${schema} AND relation.relname = ${name})
    ORDER BY c.relname`)
}

export async function enumHasValue(
  connection: Connection,
  { schema, name }: QualifiedName,
  value: string,
): Promise<boolean> {
  const rows = await connection.query(sql /* SQL */`
    SELECT FROM pg_enum AS e
    JOIN pg_type AS t ON t.oid = e.enumtypid
    JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE n.nspname = ${schema} AND t.typname = ${name} AND e.enumlabel = ${value}`)
  return rows.length > 0
}

export type PartitionState = 'attached' | 'detaching' | 'detached'

/** Whether a table is a partition of another; `detaching`: DETACH CONCURRENTLY was cut off between its two transactions. */
export async function partitionState(
  connection: Connection,
  table: QualifiedName,
  partition: QualifiedName,
): Promise<PartitionState> {
  const [row] = await connection.query<{ pending: boolean }>(sql /* SQL */`
    SELECT h.inhdetachpending AS pending
    FROM pg_inherits AS h
    JOIN pg_class AS parent ON parent.oid = h.inhparent
    JOIN pg_namespace AS parent_space ON parent_space.oid = parent.relnamespace
    JOIN pg_class AS part ON part.oid = h.inhrelid
    JOIN pg_namespace AS part_space ON part_space.oid = part.relnamespace
    WHERE parent_space.nspname = ${table.schema} AND parent.relname = ${table.name}
      AND part_space.nspname = ${partition.schema} AND part.relname = ${partition.name}`)
  if (row === undefined) return 'detached'
  return row.pending ? 'detaching' : 'attached'
}
