import { type Connection, type LockKey, literal, lockKey, type Sql, sql } from '../../postgres/index.ts'
import type { LedgerTarget } from './ledger-state.ts'

/** What one row of the ledger says. */
export interface LedgerEntry {
  readonly target: LedgerTarget & { readonly tenant: string | null }
  /** The canonical version, or the name of a repeatable file. */
  readonly item: string
  /** The file's number in this ledger. */
  readonly file: number
  /** The run that does it, or null outside of one. */
  readonly run: string | null
}

/** The advisory lock of a target. Such locks are per database, so the schema names it. */
export const targetLock = (schema: string): LockKey => lockKey('panal', 'target', schema)

/**
 * The call that takes the target's lock for the transaction and enters the row, as an expression for
 * a script that goes on with the file. It raises LEDGER_LOCKED when another run holds the lock, and
 * LEDGER_UNCHANGED when another run has done the work since it was planned.
 */
export function applyCall({ target, item, file, run }: LedgerEntry): Sql {
  return sql`panal.ledger_apply(${literal(targetLock(target.schema))}, ${literal(target.system)},
    ${literal(target.service)}, ${literal(target.tenant)}, ${literal(target.schema)}, ${literal(item)},
    ${literal(file)}, ${literal(run)})`
}

/** Likewise for a row that is taken back. */
export function revertCall({ target, item }: Pick<LedgerEntry, 'target' | 'item'>): Sql {
  return sql`panal.ledger_revert(${literal(targetLock(target.schema))}, ${literal(target.system)},
    ${literal(target.service)}, ${literal(target.schema)}, ${literal(item)})`
}

/** How long a file took on a target, in milliseconds. */
export interface AppliedDuration {
  readonly target: LedgerTarget
  readonly item: string
  readonly durationMs: number
}

/**
 * Notes durations after the fact, many at once: while a file runs, its row is written already and the
 * session is the owner, who cannot touch it any more.
 */
export async function recordDurations(
  connection: Connection,
  durations: readonly AppliedDuration[],
): Promise<void> {
  if (durations.length === 0) return
  await connection.query(sql /* SQL */`
    UPDATE panal.ledger_applied AS applied SET duration_ms = measured.duration_ms
    FROM unnest(${durations.map(({ target }) => target.system)}::text[],
      ${durations.map(({ target }) => target.service)}::text[],
      ${durations.map(({ target }) => target.schema)}::text[],
      ${durations.map(({ item }) => item)}::text[],
      ${durations.map(({ durationMs }) => Math.round(durationMs))}::integer[]
    ) AS measured (system, service, schema, item, duration_ms)
    WHERE (applied.system, applied.service, applied.schema, applied.item)
      = (measured.system, measured.service, measured.schema, measured.item)`)
}

/** Records versions as applied without running them. The caller holds the target's lock. */
export async function insertBaseline(
  connection: Connection,
  target: LedgerEntry['target'],
  entries: readonly Pick<LedgerEntry, 'item' | 'file'>[],
  run: string | null,
): Promise<void> {
  await connection.query(sql /* SQL */`
    INSERT INTO panal.ledger_applied (system, service, schema, item, tenant, file, how, run)
    SELECT ${target.system}, ${target.service}, ${target.schema}, item, ${target.tenant}, file, 'baseline', ${run}
    FROM unnest(${entries.map(({ item }) => item)}::text[], ${entries.map(({ file }) => file)}::integer[])
      AS entry (item, file)`)
}

/** How many files are recorded for a target. */
export async function countApplied(connection: Connection, target: LedgerTarget): Promise<number> {
  const [row] = await connection.query<{ count: number }>(sql /* SQL */`
    SELECT count(*)::integer AS count FROM panal.ledger_applied
    WHERE (system, service, schema) = (${target.system}, ${target.service}, ${target.schema})`)
  return row?.count ?? 0
}

/** Whether a file is recorded for a target. */
export async function isApplied(
  connection: Connection,
  target: LedgerTarget,
  item: string,
): Promise<boolean> {
  const rows = await connection.query(sql /* SQL */`
    SELECT FROM panal.ledger_applied
    WHERE (system, service, schema, item) = (${target.system}, ${target.service}, ${target.schema}, ${item})`)
  return rows.length > 0
}
