import { type Connection, sql } from '../../postgres/index.ts'
import type { LedgerEntry } from './ledger-entries.ts'
import type { LedgerTarget } from './ledger-state.ts'

export type Direction = 'up' | 'down'

/** A `transaction:false` file on a target: its statements commit one by one, so each has a row while the file is under way. */
export interface StatementFile {
  readonly target: LedgerTarget
  /** The file's number in this ledger. */
  readonly file: number
  readonly direction: Direction
}

/** How far a statement came: `begun` means that it may have been executed, or not. */
export type StatementProgress = 'begun' | 'done'

/** How far each statement came, by its position in the file. Empty before the first. */
export async function readProgress(
  connection: Connection,
  { target, file, direction }: StatementFile,
): Promise<ReadonlyMap<number, StatementProgress>> {
  const rows = await connection.query<{ position: number; done: boolean }>(sql /* SQL */`
    SELECT position, done_at IS NOT NULL AS done FROM panal.ledger_statements
    WHERE (system, service, schema, file, direction)
      = (${target.system}, ${target.service}, ${target.schema}, ${file}, ${direction})`)
  return new Map(rows.map(({ position, done }) => [position, done ? 'done' : 'begun']))
}

/** Notes the intent, before the statement runs. */
export async function recordBegun(
  connection: Connection,
  { target, file, direction }: StatementFile,
  position: number,
): Promise<void> {
  await connection.query(sql /* SQL */`
    INSERT INTO panal.ledger_statements (system, service, schema, file, direction, position)
    VALUES (${target.system}, ${target.service}, ${target.schema}, ${file}, ${direction}, ${position})
    ON CONFLICT DO NOTHING`)
}

/** Notes that the statement's effect was seen in the catalog. */
export async function recordDone(
  connection: Connection,
  { target, file, direction }: StatementFile,
  position: number,
): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.ledger_statements SET done_at = clock_timestamp()
    WHERE (system, service, schema, file, direction, position)
      = (${target.system}, ${target.service}, ${target.schema}, ${file}, ${direction}, ${position})`)
}

/** Turns the rows of a finished file into the one that says so, or takes that one back. One transaction. */
export async function finishStatements(
  connection: Connection,
  { target, item, file, run }: LedgerEntry,
  direction: Direction,
): Promise<void> {
  const key = sql`(${target.system}, ${target.service}, ${target.schema}, ${file}::integer)`
  await connection.transaction(async () => {
    await connection.query(
      sql /* SQL */`DELETE FROM panal.ledger_statements WHERE (system, service, schema, file) = ${key}`,
    )
    if (direction === 'up') {
      await connection.query(sql /* SQL */`
        INSERT INTO panal.ledger_applied (system, service, schema, item, tenant, file, how, run)
        VALUES (${target.system}, ${target.service}, ${target.schema}, ${item}, ${target.tenant}, ${file}, 'applied', ${run})`)
      return
    }
    await connection.query(sql /* SQL */`
      DELETE FROM panal.ledger_applied
      WHERE (system, service, schema, item) = (${target.system}, ${target.service}, ${target.schema}, ${item})`)
  })
}
