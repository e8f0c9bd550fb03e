import { type FinishedRunTarget, finishRunTargets, insertRunTargets, type Run } from '../state/index.ts'
import type { Wave } from './plan-waves.ts'

/** So many outcomes are written together: 10 µs each instead of 300. */
const AT_ONCE = 500
/** Whoever looks at a run sees what is at most this old. */
const EVERY_MS = 1_000

/** Writes down in the registry what becomes of each target, without holding up the lanes. */
export class RunRecorder {
  readonly #run: Run
  #waiting: FinishedRunTarget[] = []
  #writing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(run: Run) {
    this.#run = run
  }

  async plan(waves: readonly Wave[]): Promise<void> {
    const targets = waves.flatMap(({ number, planned }) =>
      planned.map(({ target }) => ({ ...target, wave: number })),
    )
    await this.#run.record((connection) => insertRunTargets(connection, this.#run.id, targets))
  }

  note(target: FinishedRunTarget): void {
    this.#waiting.push(target)
    if (this.#waiting.length >= AT_ONCE) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), EVERY_MS).unref()
  }

  /** Writes down what is left. @throws PANAL_CONNECTION_LOST when the registry stays away */
  async finish(): Promise<void> {
    this.#write()
    await this.#writing
    if (this.#waiting.length > 0) await this.#send(this.#waiting)
    this.#waiting = []
  }

  /** What could not be written goes with the next portion: the ledgers hold the truth meanwhile. */
  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const portion = this.#waiting
    if (portion.length === 0) return
    this.#waiting = []
    this.#writing = this.#writing
      .then(() => this.#send(portion))
      .catch(() => {
        this.#waiting.unshift(...portion)
      })
  }

  async #send(portion: readonly FinishedRunTarget[]): Promise<void> {
    await this.#run.record((connection) => finishRunTargets(connection, this.#run.id, portion))
  }
}
