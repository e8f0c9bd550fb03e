import { EXTENSIONS_SCHEMA, type Target } from '../../model/index.ts'
import { ident, join, literal, type ScriptResult, type Sql, sql } from '../../postgres/index.ts'
import { applyCall, type Direction, revertCall } from '../state/index.ts'
import type { MigrationFile, Section } from './migration-file.ts'
import { itemOf } from './pending.ts'

/** One file to run on one target. */
export interface FileTask {
  readonly target: Target
  readonly file: MigrationFile
  readonly direction: Direction
  /** The file's number in the ledger of the target's database. */
  readonly number: number
  /** The run that does it, or null outside of one. */
  readonly run: string | null
}

/** How many statements {@link beginScript} sends before the file's first. */
export const STATEMENTS_BEFORE_FILE = 2

/** The part of the file that a task runs. Callers have made sure that a down part is there. */
export function sectionOf({ file, direction }: Pick<FileTask, 'file' | 'direction'>): Section {
  const section = direction === 'up' ? file.up : file.kind === 'versioned' ? file.down : null
  if (section === null) throw new TypeError(`${file.name} has no down part`)
  return section
}

/**
 * What precedes a file in its message. The ledger's row comes first, while the session may still write
 * it; the role comes last and holds until COMMIT, which therefore runs deferred triggers as the owner
 * too (on PostgreSQL 15 they would run as the operator after a RESET ROLE).
 *
 * One SELECT, whose columns the server computes from left to right, and not a call and three SETs: over
 * files of one small ALTER TABLE, twenty to a message, 7,050 files/s against 5,560. Were the order ever
 * another, the owner could not write the row and the file would fail, not run unrecorded.
 */
export function beginScript(task: FileTask, lockTimeoutMs: number): string {
  const { owner, schema } = task.target
  const path = join([ident(schema), ident(EXTENSIONS_SCHEMA)]).statement
  // The cast raises 3F000 where the schema is gone: the file would look in `extensions` alone.
  const select = sql`SELECT ${ledgerCall(task)}, clock_timestamp() AS panal_began,
    ${literal(ident(schema).statement)}::regnamespace,
    set_config('lock_timeout', ${literal(`${lockTimeoutMs}`)}, true),
    set_config('search_path', ${literal(path)}, true),
    set_config('role', ${literal(owner)}, true)`
  return `BEGIN;${select.statement};\n`
}

/** What follows a file in its message. The line break ends a comment on the file's last line. */
export const commitScript = '\n;SELECT clock_timestamp() AS panal_ended;COMMIT'

/** The milliseconds that each file of a message took, by the server's clock. */
export function durationsOf(results: readonly ScriptResult[]): readonly number[] {
  const times = results.flatMap(({ rows: [row] }) => {
    const time = row?.panal_began ?? row?.panal_ended
    return time instanceof Date ? [time.getTime()] : []
  })
  return times.flatMap((time, index) => (index % 2 === 1 ? [time - (times[index - 1] ?? time)] : []))
}

/** Takes the target's lock for the transaction and writes the ledger's row: an expression for a SELECT. */
export function ledgerCall({ target, file, direction, number, run }: FileTask): Sql {
  const item = itemOf(file)
  if (direction === 'down') return revertCall({ target, item })
  return applyCall({ target, item, file: number, run })
}
