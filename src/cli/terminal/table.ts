import { displayWidth } from './display-width.ts'
import { fit, padEnd, padStart } from './fit.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'

/** A text, or a text that gets its colour after it has been cut and padded. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string }

export interface Column {
  readonly title: string
  /** Default: left. */
  readonly align?: 'left' | 'right'
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

const GAP = '  '
/** A column is never cut below this, so that its values can still be told apart. */
const MIN_WIDTH = 8

/** Draws a table with a head. Where it is wider than the terminal, the widest columns are cut first. */
export function tableText(table: Table, terminal: Terminal): string {
  const texts = table.rows.map((row) => row.map((cell) => oneLine(textOf(cell))))
  const natural = table.columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...texts.map((row) => displayWidth(row[index] ?? ''))),
  )
  const widths = shrink(natural, terminal.columns - GAP.length * (natural.length - 1))
  const head = joinCells(table.columns, widths, (column) => ({
    text: column.title,
    paint: terminal.paint.dim,
  }))
  const body = table.rows.map((row, at) =>
    joinCells(table.columns, widths, (_, index) => {
      const cell = row[index] ?? ''
      const text = texts[at]?.[index] ?? ''
      return typeof cell === 'string' ? text : { text, paint: cell.paint }
    }),
  )
  return [head, ...body].join('\n')
}

function joinCells(
  columns: readonly Column[],
  widths: readonly number[],
  cellOf: (column: Column, index: number) => Cell,
): string {
  const cells = columns.map((column, index) => {
    const cell = cellOf(column, index)
    const width = widths[index] ?? 0
    const cut = fit(textOf(cell), width)
    const padded =
      column.align === 'right'
        ? padStart(cut, width)
        : index === columns.length - 1
          ? cut
          : padEnd(cut, width)
    return typeof cell === 'string' ? padded : cell.paint(padded)
  })
  return cells.join(GAP).trimEnd()
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

const oneLine = (text: string): string => printable(text).replaceAll(/\s*\n\s*/g, ' ')

/** Takes from the widest columns, one level after the other, until `available` is kept. */
function shrink(natural: readonly number[], available: number): number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, 0) - available
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= MIN_WIDTH) break
    const next = Math.max(MIN_WIDTH, ...widths.filter((width) => width < widest))
    const ties = widths.filter((width) => width === widest).length
    const cut = Math.min(widest - next, Math.ceil(excess / ties))
    for (const [index, width] of widths.entries()) if (width === widest) widths[index] = width - cut
    excess -= cut * ties
  }
  return widths
}
