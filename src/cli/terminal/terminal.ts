import { type Paint, paintFor } from './paint.ts'

/** What is drawn on: how wide, and whether somebody watches. */
export interface Terminal {
  /** Infinity where the output is no terminal: nothing is cut in a pipe or a file. */
  readonly columns: number
  readonly interactive: boolean
  readonly paint: Paint
}

/** The part of a stream that output needs; process.stdout and test doubles both have it. */
export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string, written?: () => void): boolean
}

/** Used where a terminal does not tell its width. */
const DEFAULT_COLUMNS = 80

export function terminalOf(stream: OutputStream, environment: NodeJS.ProcessEnv): Terminal {
  const interactive = stream.isTTY === true
  return {
    interactive,
    columns: interactive ? stream.columns || DEFAULT_COLUMNS : Number.POSITIVE_INFINITY,
    paint: paintFor(interactive, environment),
  }
}
