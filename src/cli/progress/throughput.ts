/** Rates are those of the last seconds: what was slow at the start must not spoil the time left. */
const WINDOW_MS = 5000
/** More samples than this in a window add nothing. */
const MIN_SAMPLE_GAP_MS = 50

export interface Estimate {
  /** Undefined before the first progress. */
  readonly perSecond: number | undefined
  readonly leftMs: number | undefined
}

/** Estimates rate and time left from how much was done when. */
export class Throughput {
  readonly #samples: { at: number; done: number }[]

  /** @param startMs the clock when nothing was done yet */
  constructor(startMs: number) {
    this.#samples = [{ at: startMs, done: 0 }]
  }

  record(nowMs: number, done: number): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && this.#samples.length > 1 && nowMs - last.at < MIN_SAMPLE_GAP_MS) {
      last.done = done
      return
    }
    this.#samples.push({ at: nowMs, done })
    while (this.#samples.length > 2 && nowMs - (this.#samples[1]?.at ?? nowMs) > WINDOW_MS) {
      this.#samples.shift()
    }
  }

  estimate(nowMs: number, total: number): Estimate {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined || last.done <= first.done) {
      return { perSecond: undefined, leftMs: undefined }
    }
    // Up to now, not up to the last sample: a stall shows as a falling rate.
    const perSecond = ((last.done - first.done) / Math.max(1, nowMs - first.at)) * 1000
    return { perSecond, leftMs: (Math.max(0, total - last.done) / perSecond) * 1000 }
  }
}
