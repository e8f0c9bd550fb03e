import type { ProgressListener } from '../../control/context/index.ts'
import { type OutputStream, printable, terminalOf } from '../terminal/index.ts'
import { progressLine } from './progress-line.ts'
import { Throughput } from './throughput.ts'

export interface ProgressOptions {
  readonly stream: OutputStream
  readonly environment: NodeJS.ProcessEnv
  /** Draws nothing at all. */
  readonly quiet: boolean
  /** A monotonic clock in milliseconds. Default: performance.now. */
  readonly now?: () => number
}

export interface Progress {
  readonly listener: ProgressListener
  /** Takes the bar away; to be called before anything else is written to the same terminal. */
  stop(): void
}

/** Work that ends sooner needs no progress. */
const QUIET_START_MS = 1000
/** A terminal is redrawn at most ten times a second; a log gets a line every three seconds. */
const TERMINAL_INTERVAL_MS = 100
const LOG_INTERVAL_MS = 3000
const CLEAR_LINE = '\r\x1b[2K'

interface Part {
  readonly label: string
  readonly total: number
  readonly begunAt: number
  readonly throughput: Throughput
  done: number
  failed: number
}

/**
 * Draws the progress events of an operation: a bar on a terminal, lines elsewhere. Failures are
 * shown as they come, above the bar.
 */
export function startProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { listener: () => {}, stop: () => {} }
  const { stream, now = () => performance.now() } = options
  const terminal = terminalOf(stream, options.environment)
  let part: Part | undefined
  let drawn = false

  const draw = (): void => {
    if (part === undefined || now() - part.begunAt < QUIET_START_MS) return
    const line = progressLine({ ...part, ...part.throughput.estimate(now(), part.total) }, terminal)
    stream.write(terminal.interactive ? `${CLEAR_LINE}${line}` : `${line}\n`)
    drawn = true
  }
  const clear = (): void => {
    if (drawn && terminal.interactive) stream.write(CLEAR_LINE)
    drawn = false
  }
  const say = (line: string): void => {
    clear()
    stream.write(`${line}\n`)
    if (terminal.interactive) draw()
  }
  const timer = setInterval(draw, terminal.interactive ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)
  // Watching must not keep a finished command alive.
  timer.unref()
  const endPart = (): void => {
    clear()
    part = undefined
  }

  const listener: ProgressListener = (event) => {
    switch (event.kind) {
      case 'begin':
        endPart()
        part = { ...event, begunAt: now(), throughput: new Throughput(now()), done: 0, failed: 0 }
        break
      case 'advance':
        if (part === undefined) break
        Object.assign(part, { done: event.done, failed: event.failed })
        part.throughput.record(now(), event.done)
        break
      case 'failure':
        say(`${terminal.paint.red('✗')} ${printable(event.line)}`)
        break
      case 'note':
        say(printable(event.line))
        break
      case 'end':
        endPart()
    }
  }
  const stop = (): void => {
    clearInterval(timer)
    endPart()
  }
  return { listener, stop }
}
