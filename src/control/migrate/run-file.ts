import { formatTarget, PanalError } from '../../model/index.ts'
import {
  type Connection,
  codePointOffset,
  describeServerError,
  type ScriptResult,
  serverErrorOf,
  sqlStateOf,
  withAdvisoryLock,
  withRetries,
} from '../../postgres/index.ts'
import type { AccessAfterFile } from '../access/index.ts'
import { LEDGER_LOCKED, LEDGER_UNCHANGED, targetLock } from '../state/index.ts'
import { fileError, sentSql } from './file-error.ts'
import {
  beginScript,
  commitScript,
  durationsOf,
  type FileTask,
  STATEMENTS_BEFORE_FILE,
  sectionOf,
} from './file-script.ts'

/** How long files may wait for others. */
export interface WaitLimits {
  /** The longest wait of one statement for one lock, in milliseconds. */
  readonly lockTimeoutMs: number
  /** The longest a file goes on trying, retries and the target's lock included, in milliseconds. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/**
 * A lock of a table that is not granted within five seconds is given up and asked for again later: whoever
 * waits for an exclusive lock makes every later reader of the table wait behind it.
 */
export const defaultWaitLimits: WaitLimits = { lockTimeoutMs: 5_000, deadlineMs: 60_000 }

/** What came of a file: its milliseconds, or null when another run had done it since it was planned. */
export interface FileOutcome {
  readonly task: FileTask
  readonly durationMs: number | null
}

/**
 * Runs one file on one target in a transaction of its own: a single message to the server, unless
 * rights remain to be set after the file (`afterFile`), which takes two more round trips. Lock
 * conflicts and deadlocks are retried with jitter until the deadline.
 *
 * @throws PANAL_MIGRATION_FAILED, PANAL_MIGRATION_SYNTAX, PANAL_LOCK_TIMEOUT with the place in the file
 * @throws PANAL_CONNECTION_LOST when nobody knows whether it was applied; the ledger does
 */
export async function runFile(
  connection: Connection,
  task: FileTask,
  afterFile: AccessAfterFile | null,
  limits: WaitLimits,
): Promise<FileOutcome> {
  const prefix = beginScript(task, limits.lockTimeoutMs)
  try {
    return await retried(connection, task, limits, async () => {
      const durationMs = await runOnce(connection, `${prefix}${sectionOf(task).sql}`, afterFile)
      return { task, durationMs }
    })
  } catch (error) {
    if (sqlStateOf(error) === LEDGER_UNCHANGED) return { task, durationMs: null }
    const before = { codePoints: codePointOffset(prefix, prefix.length), statements: STATEMENTS_BEFORE_FILE }
    throw await fileError(error, sentSql(task), before)
  }
}

/**
 * Runs several files of one target in one message, each still in a transaction of its own. When one
 * fails, those before it are committed; the caller runs the rest one by one, which names the file
 * and the place.
 */
export async function runFilesAtOnce(
  connection: Connection,
  tasks: readonly FileTask[],
  limits: WaitLimits,
): Promise<readonly FileOutcome[]> {
  const parts = tasks.map(
    (task) => `${beginScript(task, limits.lockTimeoutMs)}${sectionOf(task).sql}${commitScript}`,
  )
  try {
    const durations = durationsOf(await connection.script(parts.join(';\n')))
    return tasks.map((task, index) => ({ task, durationMs: durations[index] ?? null }))
  } catch (error) {
    await rollBack(connection)
    throw error
  }
}

/** Tries until the lock of the target is free and no statement meets a conflict. */
async function retried<Result>(
  connection: Connection,
  { target }: FileTask,
  { deadlineMs, signal }: WaitLimits,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = performance.now() + deadlineMs
  const common = signal === undefined ? {} : { signal }
  for (;;) {
    try {
      return await withRetries(work, { ...common, deadlineMs: Math.max(0, end - performance.now()) })
    } catch (error) {
      if (sqlStateOf(error) !== LEDGER_LOCKED) throw error
    }
    // Polls until it could have the lock, or names its holder. The file then takes it for itself.
    const timeoutMs = Math.max(0, end - performance.now())
    const subject = `target ${formatTarget(target)}`
    await withAdvisoryLock(
      connection,
      targetLock(target.schema),
      { ...common, timeoutMs, subject },
      async () => {},
    )
    if (performance.now() >= end) {
      throw new PanalError(
        'PANAL_LOCK_TIMEOUT',
        `The lock on ${subject} was taken by others for ${deadlineMs} ms.`,
      )
    }
  }
}

async function runOnce(
  connection: Connection,
  script: string,
  afterFile: AccessAfterFile | null,
): Promise<number | null> {
  try {
    if (afterFile === null) {
      return durationsOf(await connection.script(`${script}${commitScript}`))[0] ?? null
    }
    const begun = await connection.script(`${script}\n;`)
    const ended = await commitWithAccess(connection, afterFile)
    return durationsOf([...begun, ...ended])[0] ?? null
  } catch (error) {
    await rollBack(connection)
    throw error
  }
}

/** Sets the rights that the file's objects need. Its errors are told apart, since their positions are not of the file. */
async function commitWithAccess(
  connection: Connection,
  afterFile: AccessAfterFile,
): Promise<readonly ScriptResult[]> {
  const access = await afterFile(connection)
  try {
    return await connection.script([...access, commitScript].join(';\n'))
  } catch (error) {
    const server = serverErrorOf(error)
    if (server === undefined || error instanceof PanalError) throw error
    const [summary = server.message, ...details] = describeServerError(server)
    throw new PanalError('PANAL_MIGRATION_FAILED', `The rights after the file, or COMMIT: ${summary}.`, {
      details,
      cause: error,
    })
  }
}

/** A message that failed leaves its transaction open and aborted. With the session, it has gone. */
async function rollBack(connection: Connection): Promise<void> {
  if (!connection.lost && !connection.closed) await connection.script('ROLLBACK')
}
