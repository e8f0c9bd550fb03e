import { setTimeout as sleep } from 'node:timers/promises'
import { type RetryPace, type RetryRule, retryRuleOf } from './retryable.ts'

/** What {@link RetryOptions.onRetry} hears before each wait. */
export interface Retry {
  readonly error: unknown
  readonly rule: RetryRule
  /** How many tries have failed so far. */
  readonly failedTries: number
  readonly delayMs: number
}

export interface RetryOptions {
  /** No wait ends later than this many milliseconds after the call. A running try is not broken off. */
  readonly deadlineMs: number
  /** Whether the work may be done twice, so that errors of unknown outcome are retried too. Default false. */
  readonly repeatable?: boolean
  readonly onRetry?: (retry: Retry) => void
  /** A number from 0 up to 1, for tests. Default `Math.random`. */
  readonly random?: () => number
  /** Ends the wait between tries by throwing its reason. */
  readonly signal?: AbortSignal
}

/**
 * Runs work until it succeeds, by the table of {@link retryRuleOf}: exponential delays with jitter, so
 * that those who clashed do not clash again. Throws the last error once the error has no rule, its
 * tries are used up or the next wait would pass the deadline. After an error of unknown outcome the
 * old session is gone: work must open its own connection to be repeatable.
 */
export async function withRetries<Result>(
  work: (tryNumber: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { deadlineMs, repeatable = false, onRetry, random = Math.random, signal } = options
  const end = performance.now() + deadlineMs
  for (let tryNumber = 1; ; tryNumber += 1) {
    signal?.throwIfAborted()
    try {
      return await work(tryNumber)
    } catch (error) {
      const rule = retryRuleOf(error)
      if (rule === undefined || (rule.effect === 'unknown' && !repeatable) || tryNumber >= rule.tries)
        throw error
      const delayMs = retryDelayMs(rule, tryNumber, random)
      if (performance.now() + delayMs > end) throw error
      onRetry?.({ error, rule, failedTries: tryNumber, delayMs })
      await pause(delayMs, signal)
    }
  }
}

/** Doubles with each failed try up to the cap; half of it is jitter. */
export function retryDelayMs(pace: RetryPace, failedTries: number, random: () => number): number {
  const full = Math.min(pace.maxDelayMs, pace.baseDelayMs * 2 ** (failedTries - 1))
  return Math.round(full * (0.5 + random() / 2))
}

/** Waits; an abort throws the signal's reason. */
export async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
