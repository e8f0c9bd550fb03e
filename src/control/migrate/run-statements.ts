import { CONTROL_ROLE, EXTENSIONS_SCHEMA, formatTarget, PanalError } from '../../model/index.ts'
import { type Connection, ident, literal, sql, withAdvisoryLock, withRetries } from '../../postgres/index.ts'
import {
  finishStatements,
  isApplied,
  readProgress,
  recordBegun,
  recordDone,
  type StatementFile,
  targetLock,
} from '../state/index.ts'
import { placeOf } from './check-file.ts'
import { fileError, sentSql } from './file-error.ts'
import { type FileTask, sectionOf } from './file-script.ts'
import { labelOf } from './migration-file.ts'
import { itemOf } from './pending.ts'
import { resumptionOf } from './resumable-statement.ts'
import { missingEffect, remainingStatements } from './resume-statement.ts'
import type { FileOutcome, WaitLimits } from './run-file.ts'
import { loadSqlParser, type Statement } from './sql-parser.ts'

/**
 * Runs a `transaction:false` file on one target. Each of its statements goes through four steps, each
 * committed before the next:
 *
 *     begun recorded → statement executed → effect seen in the catalog → done recorded
 *
 * Killed anywhere, the next run skips what is done, looks in the catalog for what was begun, and does
 * the rest; an invalid index is dropped and built again. The target's lock is held by the session.
 *
 * The connection belongs to the caller's lane alone: while a statement runs, its role is the owner's.
 * No lock_timeout holds for these statements: they wait for old transactions without blocking anybody,
 * and giving up would leave an invalid index behind.
 *
 * @throws PANAL_MIGRATION_FAILED, PANAL_MIGRATION_SYNTAX, PANAL_LOCK_TIMEOUT, PANAL_CONNECTION_LOST
 * @throws the signal's reason between two statements
 */
export async function runStatements(
  connection: Connection,
  task: FileTask,
  { deadlineMs, signal }: WaitLimits,
): Promise<FileOutcome> {
  const parser = await loadSqlParser()
  const statements = parser.statements(sectionOf(task).sql)
  const subject = `target ${formatTarget(task.target)}`
  const lock = { timeoutMs: deadlineMs, subject, ...(signal === undefined ? {} : { signal }) }
  return await withAdvisoryLock(connection, targetLock(task.target.schema), lock, async () => {
    const began = performance.now()
    const { target, file, number, run, direction } = task
    const item = itemOf(file)
    if ((await isApplied(connection, target, item)) === (direction === 'up'))
      return { task, durationMs: null }
    const progress = await readProgress(connection, { target, file: number, direction })
    for (const [position, statement] of statements.entries()) {
      const came = progress.get(position)
      if (came === 'done') continue
      signal?.throwIfAborted()
      await runStatement(connection, task, statement, { position, resumed: came === 'begun', deadlineMs })
    }
    await finishStatements(connection, { target, item, file: number, run }, direction)
    return { task, durationMs: performance.now() - began }
  })
}

interface StatementRun {
  readonly position: number
  /** Whether a run before this one began it. */
  readonly resumed: boolean
  readonly deadlineMs: number
}

async function runStatement(
  connection: Connection,
  task: FileTask,
  statement: Statement,
  { position, resumed, deadlineMs }: StatementRun,
): Promise<void> {
  const { target, number, direction } = task
  const row: StatementFile = { target, file: number, direction }
  const resumption = resumptionOf(statement)
  if (typeof resumption === 'string') throw new TypeError(`${task.file.name} was not checked: ${resumption}`)
  await recordBegun(connection, row, position)
  await withRetries(
    async (tryNumber) => {
      const again = resumed || tryNumber > 1
      const remaining = again
        ? await remainingStatements(connection, resumption, statement.sql, target.schema)
        : [statement.sql]
      await asOwner(connection, task, statement, remaining)
    },
    { deadlineMs },
  )
  const missing = await missingEffect(connection, resumption, target.schema)
  if (missing !== null) throw effectError(task, statement, missing)
  await recordDone(connection, row, position)
}

/** Runs statements as the owner, each in a message of its own: CONCURRENTLY tolerates no company. */
async function asOwner(
  connection: Connection,
  task: FileTask,
  statement: Statement,
  texts: readonly string[],
): Promise<void> {
  const { owner, schema } = task.target
  const enter = [
    sql`SET search_path = ${ident(schema)}, ${ident(EXTENSIONS_SCHEMA)}`,
    sql`SET lock_timeout = ${literal(0)}`,
    sql`SET ROLE ${ident(owner)}`,
  ]
  await connection.script(enter.map((each) => each.statement).join(';'))
  try {
    for (const text of texts) await connection.script(text)
  } catch (error) {
    throw await statementError(error, task, statement)
  } finally {
    if (!connection.lost && !connection.closed) {
      const leave = [sql`SET ROLE ${ident(CONTROL_ROLE)}`, sql`RESET lock_timeout`, sql`RESET search_path`]
      await connection.script(leave.map((each) => each.statement).join(';'))
    }
  }
}

/** The server's positions count from the statement, which was sent alone; the file's from its part. */
async function statementError(
  error: unknown,
  task: FileTask,
  { index, sql: text }: Statement,
): Promise<unknown> {
  const section = sectionOf(task)
  const before = section.sql.slice(0, index)
  // The statement alone, on the line where it stands, padded to its column.
  const lineStart = before.lastIndexOf('\n') + 1
  const padding = ' '.repeat([...before.slice(lineStart)].length)
  const firstLine = section.firstLine + before.split('\n').length - 1
  const alone = { ...section, sql: `${padding}${text}`, firstLine }
  return await fileError(error, sentSql(task, alone), { codePoints: -padding.length, statements: 0 })
}

function effectError(task: FileTask, statement: Statement, missing: string): PanalError {
  const subject = `${labelOf(task.file)} on ${formatTarget(task.target)}`
  return new PanalError('PANAL_MIGRATION_FAILED', `${subject}: the statement ran, but ${missing}.`, {
    place: placeOf(task.file.path, sectionOf(task), statement.index),
    remedy: 'Drop what stands in the way, then run the same command again: it goes on at this statement.',
  })
}
