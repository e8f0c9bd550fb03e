import { displayWidth, fit, formatClock, formatCount, printable, type Terminal } from '../terminal/index.ts'
import type { Estimate } from './throughput.ts'

export interface ProgressState extends Estimate {
  readonly label: string
  /** 0: not known. */
  readonly total: number
  readonly done: number
  readonly failed: number
}

const BAR_COLUMNS = 28
const MIN_BAR_COLUMNS = 8

/** One line: label, bar (on a terminal), count, rate, time left, failures. Never wider than the terminal. */
export function progressLine(state: ProgressState, terminal: Terminal): string {
  const { paint } = terminal
  const numbers = numbersOf(state)
  const failed = state.failed > 0 ? `   ${formatCount(state.failed)} failed` : ''
  if (!terminal.interactive) return `${printable(state.label)}  ${numbers}${failed}`
  // One column stays free: a full line makes some terminals wrap at once, and the redraw then climbs.
  const free = terminal.columns - 1 - displayWidth(numbers) - displayWidth(failed) - 4
  const label = fit(printable(state.label), Math.max(0, free - MIN_BAR_COLUMNS))
  const bar = barOf(state, Math.min(BAR_COLUMNS, free - displayWidth(label)))
  const parts = [label, bar, numbers].filter((text) => text !== '').join('  ')
  const room = terminal.columns - 1
  if (displayWidth(parts) + displayWidth(failed) > room) return fit(`${parts}${failed}`, room)
  return `${parts}${paint.red(failed)}`
}

function numbersOf({ done, total, perSecond, leftMs }: ProgressState): string {
  const count = total > 0 ? `${formatCount(done)}/${formatCount(total)}` : formatCount(done)
  const rate = perSecond === undefined ? [] : [`${formatRate(perSecond)}/s`]
  const left = leftMs === undefined || total === 0 ? [] : [`${formatClock(leftMs)} left`]
  return [count, ...rate, ...left].join('   ')
}

const formatRate = (perSecond: number): string =>
  perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)

function barOf({ done, total }: ProgressState, columns: number): string {
  if (total === 0 || columns < MIN_BAR_COLUMNS) return ''
  const filled = Math.floor(Math.min(1, done / total) * columns)
  return '█'.repeat(filled) + '░'.repeat(columns - filled)
}
