/** One key press may arrive more than once: npm, npx and the clone's launcher pass signals on that the terminal has already sent to everybody. A person needs longer for the second. */
const ECHO_MS = 250

export interface Interrupts {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
}

/**
 * SIGINT, SIGTERM, SIGHUP: the first asks the command to come to an end (the statement in flight
 * finishes, what was done is recorded), a second one ends the process at once.
 *
 * @param onFirst told the signal's name
 * @param onSecond must not return
 */
export function listenForInterrupts(onFirst: (signal: string) => void, onSecond: () => void): Interrupts {
  const controller = new AbortController()
  let firstAt: number | undefined
  const listener = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (firstAt === undefined) {
      firstAt = now
      controller.abort()
      onFirst(signal)
    } else if (now - firstAt > ECHO_MS) {
      onSecond()
    }
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, listener)
  return { signal: controller.signal }
}
