import { executedTexts, plpgsqlPieces, settingCalls, tokensOf } from './plpgsql-statements.ts'
import { brokenRule, brokenSettingRule, type Rule, type Scope } from './refused-statements.ts'
import { routineBodyOf } from './routine-body.ts'
import type { SqlParser, Statement } from './sql-parser.ts'

/** A statement that may not stand where it stands. */
export interface Refusal {
  readonly rule: Rule
  /** The statement's first words, as a person knows it. */
  readonly statement: string
  /** The UTF-16 index in the checked text. */
  readonly index: number
}

/**
 * The statements of a text that a migration or seed may not hold, in the order in which they stand:
 * in the text itself, in DO bodies, in the bodies of SQL and PL/pgSQL routines, and in constant texts
 * that those EXECUTE. What cannot be seen: text put together at run time, bodies in other languages,
 * and what functions that exist already do when they are called.
 */
export function refusalsIn(
  parser: SqlParser,
  sql: string,
  statements: readonly Statement[],
): readonly Refusal[] {
  const found = statements.flatMap((statement) => [
    ...refusalOf(statement, 'file'),
    ...refusalsInBody(parser, statement),
  ])
  return [...found, ...refusedSettings(parser, sql, 'file')].sort((a, b) => a.index - b.index)
}

function refusalOf(statement: Statement, scope: Scope): readonly Refusal[] {
  const rule = brokenRule(statement, scope)
  if (rule === undefined) return []
  return [{ rule, statement: firstWords(statement.sql), index: statement.index }]
}

function refusalsInBody(parser: SqlParser, statement: Statement): readonly Refusal[] {
  const body = routineBodyOf(statement)
  if (body === null) return []
  const found = refusalsInCode(parser, body.text, body.language.toLowerCase(), body.scope)
  return found.map((refusal) => ({ ...refusal, index: body.index + refusal.index }))
}

function refusalsInCode(parser: SqlParser, code: string, language: string, scope: Scope): readonly Refusal[] {
  if (language === 'sql') {
    return parsable(parser, code).flatMap((statement) => refusalOf(statement, scope))
  }
  if (language !== 'plpgsql') return []
  const tokens = tokensOf(parser, code)
  const pieces = [...plpgsqlPieces(code, tokens), ...executedTexts(tokens)]
  const found = pieces.flatMap(({ sql, index }) =>
    parsable(parser, sql)
      .flatMap((statement) => refusalOf(statement, scope))
      .map((refusal) => ({ ...refusal, index: index + refusal.index })),
  )
  return [...found, ...refusedSettings(parser, code, scope)]
}

function refusedSettings(parser: SqlParser, code: string, scope: Scope): readonly Refusal[] {
  return settingCalls(tokensOf(parser, code)).flatMap(({ name, isLocal, index }) => {
    const rule = brokenSettingRule(name, isLocal)
    if (rule === undefined || !rule.scopes.includes(scope)) return []
    return [{ rule, statement: `set_config('${name}', …)`, index }]
  })
}

/** The statements of a piece, none when it is no SQL: control flow, or something that the server will refuse. */
function parsable(parser: SqlParser, sql: string): readonly Statement[] {
  try {
    return parser.statements(sql)
  } catch {
    return []
  }
}

/** `ALTER TABLE orders OWNER TO …`: enough to find it again. */
function firstWords(sql: string): string {
  const words = sql.replace(/\s+/g, ' ').trim()
  return words.length <= 48 ? words : `${words.slice(0, 48).trimEnd()} …`
}
