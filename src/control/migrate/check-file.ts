import { PanalError, type Place } from '../../model/index.ts'
import { codePointOffset, excerpt, placeInText } from '../../postgres/index.ts'
import { refusalsIn } from './check-sql.ts'
import { throwFileProblems } from './file-problems.ts'
import type { MigrationFile, Section } from './migration-file.ts'
import { resumptionOf } from './resumable-statement.ts'
import { loadSqlParser, type SqlParser, SqlSyntaxError, type Statement } from './sql-parser.ts'

/** Checksums of files that were found to be fine by this process. */
const checked = new Set<string>()

/**
 * Reads the SQL of files with PostgreSQL's own parser: syntax, statements that a migration may not
 * hold (`check-sql.ts` says which, and what cannot be seen), and statements of `transaction:false`
 * parts that could not be resumed. The parser is that of PostgreSQL 18; what only an older server
 * refuses is told by that server.
 *
 * @throws PANAL_MIGRATION_SYNTAX, PANAL_MIGRATION_REFUSED, PANAL_MIGRATION_NOT_RESUMABLE, naming
 *   every problem at once
 */
export async function checkFiles(files: readonly MigrationFile[]): Promise<void> {
  const unchecked = files.filter((file) => !checked.has(file.checksum))
  if (unchecked.length === 0) return
  const parser = await loadSqlParser()
  throwFileProblems(unchecked.flatMap((file) => problemsOf(parser, file)))
  for (const file of unchecked) checked.add(file.checksum)
}

/**
 * Checks one text that is not a migration, such as a seed: syntax and statements that may not stand in it.
 * @throws PANAL_MIGRATION_SYNTAX, PANAL_MIGRATION_REFUSED
 */
export async function checkSqlFile(file: Pick<MigrationFile, 'path' | 'text'>): Promise<void> {
  const whole: Section = { sql: file.text, firstLine: 1, transaction: true }
  throwFileProblems(sectionProblems(await loadSqlParser(), file, whole))
}

function problemsOf(parser: SqlParser, file: MigrationFile): readonly PanalError[] {
  const sections = file.kind === 'versioned' && file.down !== null ? [file.up, file.down] : [file.up]
  return sections.flatMap((section) => sectionProblems(parser, file, section))
}

function sectionProblems(
  parser: SqlParser,
  file: Pick<MigrationFile, 'path' | 'text'>,
  section: Section,
): readonly PanalError[] {
  let statements: readonly Statement[]
  try {
    statements = parser.statements(section.sql)
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [syntaxProblem(file, section, error)]
    throw error
  }
  const refused = refusalsIn(parser, section.sql, statements).map(({ rule, statement, index }) => {
    const place = placeOf(file.path, section, index)
    const message = `${statement}: a file that ${rule.reason} is refused.`
    return new PanalError('PANAL_MIGRATION_REFUSED', message, {
      place,
      remedy: rule.remedy,
      details: excerpt(file.text, place, rule.reason),
    })
  })
  return section.transaction ? refused : [...refused, ...resumptionProblems(file, section, statements)]
}

function resumptionProblems(
  file: Pick<MigrationFile, 'path' | 'text'>,
  section: Section,
  statements: readonly Statement[],
): readonly PanalError[] {
  return statements.flatMap((statement) => {
    const reason = resumptionOf(statement)
    if (typeof reason !== 'string') return []
    const place = placeOf(file.path, section, statement.index)
    const message = `A statement of a transaction:false part ${reason}.`
    const details = excerpt(file.text, place, reason)
    return [new PanalError('PANAL_MIGRATION_NOT_RESUMABLE', message, { place, details })]
  })
}

function syntaxProblem(
  file: Pick<MigrationFile, 'path' | 'text'>,
  section: Section,
  error: SqlSyntaxError,
): PanalError {
  const place = placeOf(file.path, section, error.index)
  const isPsqlCommand = section.sql.charAt(error.index) === '\\'
  return new PanalError('PANAL_MIGRATION_SYNTAX', `${error.message}.`, {
    place,
    details: excerpt(file.text, place, error.message),
    cause: error,
    ...(isPsqlCommand ? { remedy: "Write SQL alone: psql's backslash commands do not exist here." } : {}),
  })
}

/** Where a UTF-16 index of a part stands in its file. */
export function placeOf(path: string, section: Section, index: number): Required<Place> {
  const { line, column } = placeInText(section.sql, codePointOffset(section.sql, index))
  return { file: path, line: section.firstLine + line - 1, column }
}
