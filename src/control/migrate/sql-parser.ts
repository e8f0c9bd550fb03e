import type * as LibpgQuery from 'libpg-query'
import { skipTrivia } from './trivia.ts'

/** A node of the parse tree: `{ SelectStmt: { … } }`, as the parser's JSON has it. */
export type Node = { readonly [key: string]: unknown }

/** One statement of a text. */
export interface Statement {
  /** The parser's name of it: `CreateStmt`, `IndexStmt`, … */
  readonly kind: string
  readonly node: Node
  /** From its first word to before the semicolon. */
  readonly sql: string
  /** The UTF-16 index of its first word in the text. */
  readonly index: number
}

/** A word or sign of SQL, by UTF-16 indexes. Comments are left out. */
export interface Token {
  readonly text: string
  /** `IDENT`, `SCONST`, a keyword's own name, … */
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The text is not SQL. `index` is in UTF-16 units. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError'
  readonly index: number

  constructor(message: string, index: number, cause: unknown) {
    super(message, { cause })
    this.index = index
  }
}

/** PostgreSQL's own parser, compiled to WebAssembly. */
export interface SqlParser {
  /** @throws SqlSyntaxError */
  statements(text: string): readonly Statement[]
  /** @throws SqlSyntaxError for an unterminated string or comment */
  tokens(text: string): readonly Token[]
}

let loading: Promise<SqlParser> | undefined

/** Loads the parser at the first call (tens of milliseconds), so that commands without migrations do not pay. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= import('libpg-query').then(async (library) => {
    await library.loadModule()
    return { statements: (text) => parse(library, text), tokens: (text) => scan(library, text) }
  })
  return loading
}

function parse(library: typeof LibpgQuery, text: string): readonly Statement[] {
  const { stmts = [] } = guarded(text, () => library.parseSync(text))
  const toIndex = byteIndexes(text)
  return stmts.map(({ stmt, stmt_location = 0, stmt_len = 0 }) => {
    const start = toIndex(stmt_location)
    // A length of zero reaches to the end of the text.
    const end = stmt_len === 0 ? text.length : toIndex(stmt_location + stmt_len)
    const index = skipTrivia(text, start)
    const [kind = '', node = {}] = Object.entries(stmt ?? {})[0] ?? []
    return { kind, node: node as Node, sql: text.slice(index, end), index }
  })
}

function scan(library: typeof LibpgQuery, text: string): readonly Token[] {
  const { tokens } = guarded(text, () => library.scanSync(text))
  const toIndex = byteIndexes(text)
  return tokens
    .filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
    .map(({ text: tokenText, tokenName, start, end }) => ({
      text: tokenText,
      name: tokenName,
      start: toIndex(start),
      end: toIndex(end),
    }))
}

function guarded<Result>(text: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const details = (error as LibpgQuery.SqlError).sqlDetails
    const codePoints = Math.max(0, details?.cursorPosition ?? 0)
    const index = [...text].slice(0, codePoints).join('').length
    throw new SqlSyntaxError(details?.message ?? error.message, index, error)
  }
}

/**
 * The parser counts bytes of UTF-8, JavaScript UTF-16 units. The function given back must be asked for
 * positions in rising order: it goes on from the one before, so a long text is walked once.
 */
function byteIndexes(text: string): (byte: number) => number {
  let bytes = 0
  let index = 0
  return (wanted) => {
    while (bytes < wanted && index < text.length) {
      const codePoint = text.codePointAt(index) ?? 0
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
      index += codePoint < 0x10000 ? 1 : 2
    }
    return index
  }
}
