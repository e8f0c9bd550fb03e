import { EXTENSIONS_SCHEMA } from '../../model/index.ts'
import { ident, join, literal, type ScriptResult, sql } from '../../postgres/index.ts'
import { type FileTask, ledgerCall, sectionOf } from '../migrate/index.ts'

/** The files of one batch: `files[f][t]` is file f on target t. All targets have the same owner and files. */
export type BatchFiles = readonly (readonly FileTask[])[]

export interface BatchOptions {
  /** The longest wait of one statement for one lock, in milliseconds. */
  readonly lockTimeoutMs: number
  /** Asks how many locks the last transaction held before its COMMIT. */
  readonly countLocks: boolean
}

/**
 * One message for several targets: for each file a transaction over all of them,
 *
 *     BEGIN; SELECT <every ledger row and lock>, <owner's role>;
 *     SELECT <search_path of target 1>; file; SELECT <search_path of target 2>; file; … COMMIT
 *
 * The ledger's rows come first and the role changes once, so COMMIT, and with it every deferred
 * trigger, runs as the owner (on 15, after a RESET ROLE, it would run as the operator). An error
 * rolls the transaction back; {@link brokenAt} says whose it was, and the others go again without it.
 *
 * Tried, on ADD COLUMN + CREATE INDEX, backend CPU per target, median of 6 interleaved runs of 600
 * targets, 10 to a transaction; without ledger and locks it is 0.36 ms:
 *
 *     this                                                              0.48 ms
 *     one call for all rows of the ledger instead of one each           0.45 ms (needs a function of its own)
 *     a savepoint around each target, to keep the others on an error    0.55 ms
 *     ledger, role and SET CONSTRAINTS ALL IMMEDIATE target by target   0.58 ms
 *     the same with savepoints                                          0.62 ms
 *
 * SET CONSTRAINTS ALL IMMEDIATE would also hold for the targets that follow, whose deferrable
 * constraints would then fire early. A deferred failure shows at COMMIT instead, without saying
 * whose it is; the targets then go one by one. Triggers that would see another target's search_path
 * at COMMIT never come here (`batch-file.ts`, `deferring-schemas.ts`).
 */
export function batchScript(files: BatchFiles, { lockTimeoutMs, countLocks }: BatchOptions): string {
  const locks = ', (SELECT count(*)::integer FROM pg_locks WHERE pid = pg_backend_pid()) AS panal_locks'
  return files
    .map((tasks, index) => {
      const ended = `SELECT clock_timestamp() AS panal_ended${countLocks && index === files.length - 1 ? locks : ''}`
      return [
        'BEGIN',
        claim(tasks, lockTimeoutMs),
        // The line break ends a comment on the file's last line.
        ...tasks.flatMap((task) => [enter(task), `${sectionOf(task).sql}\n`]),
        ended,
        'COMMIT',
      ].join(';')
    })
    .join(';')
}

/** The rows and locks of all targets, then what holds until COMMIT; evaluated from left to right. */
function claim(tasks: readonly FileTask[], lockTimeoutMs: number): string {
  const [first] = tasks
  if (first === undefined) throw new TypeError('a batch has targets')
  const calls = join(tasks.map(ledgerCall))
  return sql`SELECT ${calls}, set_config('lock_timeout', ${literal(`${lockTimeoutMs}`)}, true),
    set_config('role', ${literal(first.target.owner)}, true)`.statement
}

/** The cast raises 3F000 where the schema is gone: without it the file would look in `extensions` alone. */
function enter({ target: { schema } }: FileTask): string {
  const path = join([ident(schema), ident(EXTENSIONS_SCHEMA)]).statement
  return sql`SELECT clock_timestamp() AS panal_began, ${literal(ident(schema).statement)}::regnamespace,
    set_config('search_path', ${literal(path)}, true)`.statement
}

/** Where a batch broke. */
export interface BrokenAt {
  /** Files that were committed before, for all targets. */
  readonly committed: number
  /** The target whose statement failed; null: the claim, COMMIT, or the message as a whole. */
  readonly target: number | null
  /** Whether it failed before the file's own first statement. */
  readonly entering: boolean
}

/**
 * Finds the failing target from the number of statements that had completed.
 *
 * @param statements of each file
 */
export function brokenAt(completed: number, targets: number, statements: readonly number[]): BrokenAt {
  let rest = completed
  for (const [committed, count] of statements.entries()) {
    const perTarget = 1 + count
    const length = 2 + targets * perTarget + 2
    if (rest < length) {
      const inFiles = rest - 2
      if (inFiles < 0 || inFiles >= targets * perTarget) return { committed, target: null, entering: false }
      return {
        committed,
        target: Math.floor(inFiles / perTarget),
        entering: inFiles % perTarget === 0,
      }
    }
    rest -= length
  }
  return { committed: statements.length, target: null, entering: false }
}

export interface BatchTimes {
  /** `durationsMs[f][t]`, without the shared COMMIT, by the server's clock. */
  readonly durationsMs: readonly (readonly number[])[]
  /** Of the last transaction, where they were asked for. */
  readonly locks: number | null
}

/** Reads what the statements of {@link batchScript} told. */
export function batchTimes(results: readonly ScriptResult[], targets: number): BatchTimes {
  const times: number[] = []
  let locks: number | null = null
  for (const { rows } of results) {
    const row = rows[0]
    const time = row?.panal_began ?? row?.panal_ended
    if (time instanceof Date) times.push(time.getTime())
    if (typeof row?.panal_locks === 'number') locks = row.panal_locks
  }
  const perFile = targets + 1
  const durationsMs = Array.from({ length: Math.floor(times.length / perFile) }, (_, file) =>
    Array.from({ length: targets }, (_, target) => {
      const at = file * perFile + target
      return (times[at + 1] ?? 0) - (times[at] ?? 0)
    }),
  )
  return { durationsMs, locks }
}
