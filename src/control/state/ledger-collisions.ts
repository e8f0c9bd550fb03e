import { type Connection, sql } from '../../postgres/index.ts'
import { targetLock } from './ledger-entries.ts'
import type { LedgerTarget } from './ledger-state.ts'

/** What keeps a file from being applied to a target. */
export interface Collision {
  /** The file stands in the ledger already. */
  readonly applied: boolean
  /** Another session works on the target at this moment. */
  readonly held: boolean
}

/**
 * Which targets of one service collide with another run, in the order given: which have the file by
 * now, and whose lock is taken. Looking takes no lock for longer than the statement.
 */
export async function findCollisions(
  connection: Connection,
  targets: readonly LedgerTarget[],
  item: string,
  file: number,
): Promise<readonly Collision[]> {
  const [first] = targets
  if (first === undefined) return []
  return await connection.query<{ applied: boolean; held: boolean }>(sql /* SQL */`
    SELECT NOT pg_try_advisory_xact_lock(lock_key) AS held,
      EXISTS (
        SELECT FROM panal.ledger_applied AS applied
        WHERE (applied.system, applied.service, applied.schema, applied.item)
            = (${first.system}, ${first.service}, target.schema, ${item})
          AND applied.file = ${file}
      ) AS applied
    FROM unnest(${targets.map(({ schema }) => targetLock(schema))}::bigint[],
        ${targets.map(({ schema }) => schema)}::text[])
      WITH ORDINALITY AS target (lock_key, schema, position)
    ORDER BY position`)
}
