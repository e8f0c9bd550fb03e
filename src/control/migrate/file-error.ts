import { type ErrorCode, formatTarget, PanalError } from '../../model/index.ts'
import {
  codePointOffset,
  completedStatements,
  describeServerError,
  excerpt,
  locateServerError,
  serverErrorOf,
} from '../../postgres/index.ts'
import { type FileTask, sectionOf } from './file-script.ts'
import { labelOf, type Section } from './migration-file.ts'
import { loadSqlParser } from './sql-parser.ts'

/** What was sent before the file's own text when the error came, in the same message. */
export interface SentBefore {
  readonly codePoints: number
  readonly statements: number
}

/** The SQL that was sent, and whose it is. */
export interface SentSql {
  readonly path: string
  /** The whole file, for the excerpt. */
  readonly text: string
  /** What was sent of it. */
  readonly section: Section
  /** Whom the message names: `002_orders on bo-tech/shop/acme`. */
  readonly subject: string
  /** For a statement that the server refused. */
  readonly code: ErrorCode
}

const codesByState: Readonly<Record<string, ErrorCode>> = {
  '42601': 'PANAL_MIGRATION_SYNTAX',
  '55P03': 'PANAL_LOCK_TIMEOUT',
}

/** What a task sends. */
export function sentSql(task: FileTask, section: Section = sectionOf(task)): SentSql {
  const subject = `${labelOf(task.file)} on ${formatTarget(task.target)}`
  return { path: task.file.path, text: task.file.text, section, subject, code: 'PANAL_MIGRATION_FAILED' }
}

/**
 * Explains what the server said to a file, with the place in the file where that can be known. An
 * error that is not the server's is given back as it is: a lost connection explains itself.
 */
export async function fileError(error: unknown, sent: SentSql, before: SentBefore): Promise<unknown> {
  const server = serverErrorOf(error)
  if (server === undefined || error instanceof PanalError) return error
  const { section, path } = sent
  const statementStart = await failedStatementStart(error, section.sql, before)
  const found = locateServerError(error, section.sql, {
    prefixCodePoints: before.codePoints,
    ...(statementStart === undefined ? {} : { statementStart }),
  })
  const [summary = server.message, ...more] = describeServerError(server)
  const code = codesByState[server.code ?? ''] ?? sent.code
  const message = `${sent.subject}: ${summary}.`
  if (found === undefined) {
    return new PanalError(code, message, { place: { file: path }, details: more, cause: error })
  }
  const place = { line: section.firstLine + found.line - 1, column: found.column }
  return new PanalError(code, message, {
    place: { file: path, ...place },
    details: [...excerpt(sent.text, place, server.message), ...more],
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
