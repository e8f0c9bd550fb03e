import { formatTarget, PanalError } from '../../model/index.ts'
import {
  codePointOffset,
  completedStatements,
  describeServerError,
  excerpt,
  locateServerError,
  serverErrorOf,
} from '../../postgres/index.ts'
import { type FileTask, STATEMENTS_BEFORE_FILE, sectionOf } from './file-script.ts'
import { labelOf } from './migration-file.ts'
import { loadSqlParser } from './sql-parser.ts'

const SYNTAX_ERROR = '42601'
const LOCK_NOT_AVAILABLE = '55P03'

/** What was sent before the file's own text when the error came. */
export interface SentBefore {
  /** Code points of the same message. */
  readonly codePoints: number
  /** Statements of the same message. */
  readonly statements: number
}

/** What {@link beginScript} sends. */
export const sentBefore = (prefix: string): SentBefore => ({
  codePoints: codePointOffset(prefix, prefix.length),
  statements: STATEMENTS_BEFORE_FILE,
})

/**
 * Explains what the server said to a file, with the place in the file where that can be known. An
 * error that is not the server's is given back as it is: a lost connection explains itself.
 *
 * @param section what was sent of the file. Default: the whole part
 */
export async function fileError(
  error: unknown,
  task: FileTask,
  before: SentBefore,
  section = sectionOf(task),
): Promise<unknown> {
  const server = serverErrorOf(error)
  if (server === undefined || error instanceof PanalError) return error
  const statementStart = await failedStatementStart(error, section.sql, before)
  const found = locateServerError(error, section.sql, {
    prefixCodePoints: before.codePoints,
    ...(statementStart === undefined ? {} : { statementStart }),
  })
  const place = { file: task.file.path }
  const [summary = server.message, ...more] = describeServerError(server)
  const subject = `${labelOf(task.file)} on ${formatTarget(task.target)}`
  const code =
    server.code === SYNTAX_ERROR
      ? 'PANAL_MIGRATION_SYNTAX'
      : server.code === LOCK_NOT_AVAILABLE
        ? 'PANAL_LOCK_TIMEOUT'
        : 'PANAL_MIGRATION_FAILED'
  if (found === undefined) {
    return new PanalError(code, `${subject}: ${summary}.`, { place, details: more, cause: error })
  }
  const line = section.firstLine + found.line - 1
  return new PanalError(code, `${subject}: ${summary}.`, {
    place: { ...place, line, column: found.column },
    details: [...excerpt(task.file.text, { line, column: found.column }, server.message), ...more],
    cause: error,
  })
}

/** Where the statement that failed begins, in code points: the one after those that completed. */
async function failedStatementStart(
  error: unknown,
  sectionSql: string,
  before: SentBefore,
): Promise<number | undefined> {
  const completed = completedStatements(error)
  if (completed === undefined || completed < before.statements) return undefined
  const parser = await loadSqlParser()
  const statement = parser.statements(sectionSql)[completed - before.statements]
  return statement === undefined ? undefined : codePointOffset(sectionSql, statement.index)
}
