import { doBlockName, type RoutineBody, routineBodies } from './routine-bodies.ts'
import { serverErrorOf } from './server-error.ts'
import { codePointOffset, placeInText, type TextPlace, utf16Index } from './source-position.ts'

export interface LocateOptions {
  /** How many code points of our own stood before the text in the message that was sent. Default 0. */
  readonly prefixCodePoints?: number
  /**
   * Where in the text the statement that failed begins, in code points, where the caller knows it (from
   * {@link completedStatements} and a parser): it tells apart several DO blocks, and is the answer
   * when the server gives no position at all, as for a division by zero.
   */
  readonly statementStart?: number
}

/**
 * Finds the place in a text at which the server's error arose. In this order: the error's `position`;
 * the position in an inner query (of a DO block or a function) where that query stands in the text
 * once; the line of the block or function of this text that the context names; the statement.
 * `undefined` when none of them says it: a wrong place would be worse.
 */
export function locateServerError(
  error: unknown,
  text: string,
  options: LocateOptions = {},
): TextPlace | undefined {
  const { prefixCodePoints = 0, statementStart } = options
  const found = serverErrorOf(error)
  if (found === undefined) return undefined
  if (found.position !== undefined) {
    const offset = Number(found.position) - 1 - prefixCodePoints
    const isInText = offset >= 0 && offset <= codePointOffset(text, text.length)
    return isInText ? placeInText(text, offset) : undefined
  }
  const { internalQuery, internalPosition, where = '' } = found
  const block = contextPlace(text, where, statementStart)
  const inner =
    internalQuery === undefined || internalPosition === undefined || !isLikelyOurs(internalQuery, where)
      ? undefined
      : innerPlace(text, internalQuery, Number(internalPosition) - 1, block)
  if (inner !== undefined || block !== undefined) return inner ?? block
  return statementStart === undefined ? undefined : placeInText(text, afterBlanks(text, statementStart))
}

/**
 * The line that the context gives for a block or function of the text, the innermost one first. Only
 * `PL/pgSQL`, the name and the number of a context stay the same in every language of the server.
 */
function contextPlace(
  text: string,
  where: string,
  statementStart: number | undefined,
): TextPlace | undefined {
  const bodies = routineBodies(text)
  for (const context of where.split('\n').filter((line) => line.includes('PL/pgSQL'))) {
    const places = bodies
      .filter((body) => mayRun(body, text, statementStart))
      .flatMap((body) => placeInBody(text, body, lineOf(body.name, context)) ?? [])
    const [place] = places
    if (place !== undefined && places.length === 1) return place
  }
  return undefined
}

/** A function may be called from anywhere, a DO block runs where it stands. */
function mayRun(body: RoutineBody, text: string, statementStart: number | undefined): boolean {
  if (body.name !== doBlockName || statementStart === undefined) return true
  return body.statementStart === utf16Index(text, afterBlanks(text, statementStart))
}

/** The first number after the routine's name in a context; none when the context names another routine. */
function lineOf(name: string, context: string): number | undefined {
  // Only ASCII bounds the name: Japanese messages put no space beside it.
  const asWord = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`)
  const found = asWord.exec(context)
  if (found === null) return undefined
  // Types of arguments have numbers in them: `f(int4) line 3`.
  const rest = context.slice(found.index + name.length).replace(/\(.*?\)/, ' ')
  const line = /\d+/.exec(rest)?.[0]
  return line === undefined ? undefined : Number(line)
}

/** The first word of a line of a body, counted as PL/pgSQL does: the rest of the line after the quote is line 1. */
function placeInBody(
  text: string,
  { start, end }: RoutineBody,
  line: number | undefined,
): TextPlace | undefined {
  const lines = text.slice(start, end).split('\n')
  const wanted = line === undefined ? undefined : lines[line - 1]
  if (line === undefined || wanted === undefined || wanted.trim() === '') return undefined
  const lineStart = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, start)
  return placeInText(text, codePointOffset(text, lineStart + wanted.search(/\S/)))
}

/**
 * Whether an inner query may be looked for in the text: a short expression of a function that stands
 * in the database may occur here by chance. Of an anonymous block, which can only be ours, any may.
 */
function isLikelyOurs(internalQuery: string, where: string): boolean {
  const shortestTelling = 12
  const [innermost = ''] = where.split('\n')
  return innermost.includes(doBlockName) || internalQuery.trim().length >= shortestTelling
}

/** The place in an inner query, when the text holds that query once, or once on the line of the block. */
function innerPlace(
  text: string,
  query: string,
  queryOffset: number,
  block: TextPlace | undefined,
): TextPlace | undefined {
  const matches = [...text.matchAll(innerQueryPattern(query))]
  const startLine = (match: RegExpExecArray): number =>
    placeInText(text, codePointOffset(text, match.index)).line
  const onBlockLine =
    matches.length > 1 ? matches.filter((match) => startLine(match) === block?.line) : matches
  const [match] = onBlockLine
  if (match === undefined || onBlockLine.length > 1) return undefined
  const grown = queryOffset > 0 && /^perform/i.test(match[0]) ? 'perform'.length - 'select'.length : 0
  return placeInText(text, codePointOffset(text, match.index) + queryOffset + grown)
}

/**
 * PL/pgSQL hands its statements on slightly altered: PERFORM becomes SELECT, and `INTO variable` as many
 * blanks, so that a run of blanks may stand for anything of its length.
 */
function innerQueryPattern(query: string): RegExp {
  const withTargets = escaped(query.trimEnd()).replace(/ {2,}/g, (blanks) => `[^;]{${blanks.length}}`)
  return new RegExp(withTargets.replace(/^SELECT\b/, '(?:SELECT|PERFORM)'), 'gi')
}

/** Text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Where the first word after blanks and comments begins, in code points. */
function afterBlanks(text: string, offset: number): number {
  const rest = text.slice(utf16Index(text, offset))
  const blanks = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(rest)?.[0] ?? ''
  return offset + codePointOffset(blanks, blanks.length)
}
