import { type Cell, cellsOf } from './display-width.ts'
import type { TextPlace } from './source-position.ts'

/** A longer line is shown in part: around the caret, or its beginning. */
const maxColumns = 100

/**
 * Draws the lines around a place with a caret under its column and the message beside it:
 *
 *     6 │ CREATE TABLE discounts (
 *     7 │   code text NOT NUL,
 *       │                 ▲ syntax error at or near "NUL"
 *     8 │   percent int NOT NULL
 *
 * The caret stands right after tabs, emoji and wide letters too, as far as terminals agree on their width.
 */
export function excerpt(text: string, place: TextPlace, message: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const gutter = String(place.line + 1).length
  const numbered = (number: number, line: string): string =>
    `  ${String(number).padStart(gutter)} │ ${line}`.trimEnd()
  const neighbour = (number: number): string[] => {
    const line = lines[number - 1]
    // After the last line feed there is no line.
    if (line === undefined || (number === lines.length && line === '')) return []
    return [numbered(number, shownPart(cellsOf(line), 0).text)]
  }
  const shown = shownPart(cellsOf(lines[place.line - 1] ?? ''), place.column - 1)
  const [firstLine = ''] = message.split('\n')
  return [
    ...neighbour(place.line - 1),
    numbered(place.line, shown.text),
    `  ${' '.repeat(gutter)} │ ${' '.repeat(shown.caretColumn)}▲ ${firstLine}`,
    ...neighbour(place.line + 1),
  ]
}

interface ShownPart {
  readonly text: string
  /** Columns before the caret. */
  readonly caretColumn: number
}

/** The part of a line that fits, moved so that the code point at the offset stands in its first two thirds. */
function shownPart(cells: readonly Cell[], codePointOffset: number): ShownPart {
  const caret = cellAt(cells, codePointOffset)
  const fits = widthOf(cells) <= maxColumns
  let first = 0
  let columns = widthOf(cells.slice(0, caret))
  for (; !fits && columns > (maxColumns * 2) / 3; first += 1) columns -= cells[first]?.width ?? 0
  const omission = first > 0 ? '…' : ''
  const caretColumn = omission.length + columns
  let end = caret
  for (; end < cells.length && columns + (cells[end]?.width ?? 0) <= maxColumns; end += 1) {
    columns += cells[end]?.width ?? 0
  }
  const text = cells.slice(first, end).map((cell) => cell.text)
  return { text: `${omission}${text.join('')}${end < cells.length ? '…' : ''}`, caretColumn }
}

/** The cell that holds a code point: it may be the second one of an emoji. */
function cellAt(cells: readonly Cell[], codePointOffset: number): number {
  let passed = 0
  const index = cells.findIndex((cell) => {
    passed += cell.codePoints
    return passed > codePointOffset
  })
  return index < 0 ? cells.length : index
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((width, cell) => width + cell.width, 0)
}
