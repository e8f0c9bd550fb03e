/** The body of a DO block or of a function that a text creates; UTF-16 indexes, without the quotes. */
export interface RoutineBody {
  /** As the server's contexts name it, without its schema; `inline_code_block` for DO. */
  readonly name: string
  readonly statementStart: number
  readonly start: number
  readonly end: number
}

/** How the server calls the body of a DO statement, in every language of its messages. */
export const doBlockName = 'inline_code_block'

/**
 * The tokens that matter: comments and quoted text hide what they hold, a semicolon ends a statement,
 * anything else is a word or one character. E'' strings are none of ours: their \n would shift lines.
 */
const token =
  /(?<blank>\s+|--[^\n]*)|(?<comment>\/\*)|\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$|[eE]'(?:[^'\\]|\\.|'')*'|'(?<quoted>(?:[^']|'')*)'|"(?:[^"]|"")*"|(?<end>;)|[\p{L}_][\p{L}\p{N}_$]*|./suy

/** Finds the quoted bodies of all DO blocks, functions and procedures in a text, in their order. */
export function routineBodies(text: string): RoutineBody[] {
  const bodies: RoutineBody[] = []
  let statement = newStatement()
  for (let index = 0; index < text.length; ) {
    token.lastIndex = index
    const { blank, comment, tag, quoted, end } = token.exec(text)?.groups ?? {}
    let next = comment === undefined ? token.lastIndex : endOfComment(text, index)
    if (statement.start < 0 && blank === undefined && comment === undefined) statement.start = index
    if (tag !== undefined) {
      const closing = text.indexOf(`$${tag}$`, next)
      const bodyEnd = closing < 0 ? text.length : closing
      statement.strings.push({ start: next, end: bodyEnd })
      next = Math.min(bodyEnd + tag.length + 2, text.length)
    }
    if (quoted !== undefined) statement.strings.push({ start: index + 1, end: next - 1 })
    index = next
    if (end !== undefined || index >= text.length) {
      bodies.push(...bodyOf(text, statement))
      statement = newStatement()
    }
  }
  return bodies
}

interface Statement {
  start: number
  readonly strings: { readonly start: number; readonly end: number }[]
}

function newStatement(): Statement {
  return { start: -1, strings: [] }
}

function bodyOf(text: string, { start, strings }: Statement): RoutineBody[] {
  // LANGUAGE 'plpgsql' and defaults of parameters are strings as well: the body is the longest.
  const [body] = strings.toSorted((a, b) => b.end - b.start - (a.end - a.start))
  const name = body === undefined ? undefined : routineName(text.slice(start, body.start))
  return body === undefined || name === undefined ? [] : [{ name, statementStart: start, ...body }]
}

function routineName(head: string): string | undefined {
  if (/^do\b/i.test(head)) return doBlockName
  const part = String.raw`(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)`
  const created = String.raw`^create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(?:${part}\s*\.\s*)?(${part})`
  const name = new RegExp(created, 'iu').exec(head)?.[1]
  return name?.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name?.toLowerCase()
}

/** Comments nest. */
function endOfComment(text: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  let depth = 0
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return text.length
}
