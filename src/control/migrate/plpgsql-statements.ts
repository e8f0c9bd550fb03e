import type { SqlParser, Token } from './sql-parser.ts'

/** A piece of a PL/pgSQL body that may be an SQL statement. Indexes are of the body. */
export interface BodyPiece {
  readonly sql: string
  readonly index: number
}

/** After these a new statement begins. */
const OPENERS: ReadonlySet<string> = new Set([';', 'begin', 'then', 'else', 'loop', '>>'])

/**
 * Cuts a PL/pgSQL body where statements may begin: at `;`, BEGIN, THEN, ELSE, LOOP and labels. Most
 * pieces are control flow or assignments, which are no SQL; the caller parses each and passes over
 * those that do not parse. `END` closes a block here and would be COMMIT in SQL, so it is left out.
 *
 * The words come from PostgreSQL's own scanner, so strings and comments never mislead it. The parser
 * of PL/pgSQL bodies is not used: it gives no position, and refuses bodies that the server accepts
 * since it knows no table.
 */
export function plpgsqlPieces(body: string, tokens: readonly Token[]): readonly BodyPiece[] {
  const pieces: BodyPiece[] = []
  let start: Token | undefined
  for (const [position, token] of tokens.entries()) {
    const word = token.text.toLowerCase()
    if (OPENERS.has(word)) {
      if (word === ';' && start !== undefined) pieces.push(pieceOf(body, start, token.start))
      // THEN and ELSE also stand within CASE expressions: the piece begun before goes on.
      if (word === ';' || start === undefined || !insideCase(tokens, start, position)) start = undefined
      continue
    }
    start ??= token
  }
  if (start !== undefined) pieces.push(pieceOf(body, start, body.length))
  return pieces.filter(({ sql }) => !/^end\b/i.test(sql))
}

/**
 * The constant texts that a body hands to EXECUTE, alone or as the pattern of `format()`, whose
 * placeholders are filled with a stand-in. A text that is put together otherwise cannot be seen.
 */
export function executedTexts(tokens: readonly Token[]): readonly BodyPiece[] {
  return tokens.flatMap((token, position) => {
    if (token.text.toLowerCase() !== 'execute') return []
    const rest = tokens.slice(position + 1, position + 6).map((next) => next.text.toLowerCase())
    const skipped = rest.findIndex((word) => word !== '(' && word !== 'format')
    const constant = tokens[position + 1 + skipped]
    if (constant?.name !== 'SCONST') return []
    const text = unquote(constant.text)
    const filled = rest.slice(0, skipped).includes('format') ? fillPattern(text) : text
    return [{ sql: filled, index: constant.start }]
  })
}

/** A call `set_config('name', value, is_local)` with a constant name. */
export interface SettingCall {
  readonly name: string
  readonly isLocal: boolean
  readonly index: number
}

/** The calls of set_config in a text. One whose name is computed cannot be seen. */
export function settingCalls(tokens: readonly Token[]): readonly SettingCall[] {
  return tokens.flatMap((token, position) => {
    const [bracket, name] = tokens.slice(position + 1, position + 3)
    if (token.text.toLowerCase() !== 'set_config' || bracket?.text !== '(' || name?.name !== 'SCONST')
      return []
    return [
      {
        name: unquote(name.text),
        isLocal: lastArgument(tokens, position + 1) !== 'false',
        index: token.start,
      },
    ]
  })
}

/** Reads the parser's tokens of a body; none when it cannot be scanned, which the server will tell. */
export function tokensOf(parser: SqlParser, text: string): readonly Token[] {
  try {
    return parser.tokens(text)
  } catch {
    return []
  }
}

function pieceOf(body: string, start: Token, end: number): BodyPiece {
  return { sql: body.slice(start.start, end), index: start.start }
}

function insideCase(tokens: readonly Token[], start: Token, position: number): boolean {
  let depth = 0
  for (const token of tokens.slice(tokens.indexOf(start) + 1, position)) {
    const word = token.text.toLowerCase()
    if (word === 'case') depth += 1
    else if (word === 'end') depth -= 1
  }
  return depth > 0
}

/** The word before the bracket that closes the one at `open`. */
function lastArgument(tokens: readonly Token[], open: number): string {
  let depth = 0
  for (let position = open; position < tokens.length; position += 1) {
    const text = tokens[position]?.text
    if (text === '(') depth += 1
    else if (text === ')') depth -= 1
    if (depth === 0) return tokens[position - 1]?.text.toLowerCase() ?? ''
  }
  return ''
}

/** The value of a string constant, escapes of E'' aside. */
function unquote(constant: string): string {
  const dollar = /^\$[^$]*\$/.exec(constant)?.[0]
  if (dollar !== undefined) return constant.slice(dollar.length, -dollar.length)
  return constant.slice(constant.indexOf("'") + 1, -1).replaceAll("''", "'")
}

function fillPattern(pattern: string): string {
  return pattern.replace(/%(?:\d+\$)?-?\d*([ILs%])/g, (_, kind: string) =>
    kind === '%' ? '%' : kind === 'L' ? "'x'" : 'x',
  )
}
