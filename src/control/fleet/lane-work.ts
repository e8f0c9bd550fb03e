import { completedStatements, sqlStateOf } from '../../postgres/index.ts'
import { type FileOutcome, itemOf, runTarget } from '../migrate/index.ts'
import {
  type AppliedDuration,
  findCollisions,
  LEDGER_LOCKED,
  LEDGER_UNCHANGED,
  recordDurations,
} from '../state/index.ts'
import { HELD_MS, isAbort, type LaneOptions } from './lane-options.ts'
import { passingTrouble } from './passing-trouble.ts'
import { type BatchOutcome, runBatch } from './run-batch.ts'
import type { Seat } from './seats.ts'
import { advance, type WorkItem } from './work-item.ts'
import type { WorkQueue } from './work-queue.ts'

/** In a batch a waiting target holds the tables of those before it: it gives up soon, and waits alone. */
const BATCH_LOCK_TIMEOUT_MS = 100
const DURATIONS_AT_ONCE = 500
/** `search_path` of a schema that is gone, cast to regnamespace. */
const NO_SUCH_SCHEMA = '3F000'
/** BEGIN, and the SELECT before the file: an error this early is not the file's. */
const BEFORE_FILE = 2

/**
 * What lanes do with the targets that they took, and where these go afterwards: `DatabaseLanes` draws
 * it. Each target has one outcome, or is back in the queue, whatever happens to the session.
 */
export class LaneWork {
  readonly #options: LaneOptions
  readonly #queue: WorkQueue
  readonly #durations: AppliedDuration[] = []
  readonly #begun = new Set<WorkItem>()
  /** Taken from the queue, and neither given back nor finished. */
  readonly #inHand = new Set<WorkItem>()

  constructor(options: LaneOptions, queue: WorkQueue) {
    this.#options = options
    this.#queue = queue
  }

  /** Does items that share a message, or one of any kind. @throws what ends the run */
  async do(seat: Seat, taken: readonly WorkItem[]): Promise<void> {
    const items = await this.#beginAll(taken)
    const [first, ...others] = items
    if (first === undefined) return
    try {
      if (others.length === 0) await this.#alone(seat, first)
      else await this.#together(seat, items)
      await this.flush(DURATIONS_AT_ONCE, seat)
      await this.#options.seats.touched(seat, items.length * this.#options.pace.locksPerTarget)
    } catch (error) {
      if (!seat.connection.lost && !seat.connection.closed) throw error
      // Committed or not: the ledger will answer when they come again.
      const open = items.filter((item) => this.#inHand.has(item))
      for (const item of open) item.uncertain = true
      this.#giveBack(open)
      await this.#options.seats.reopen(seat)
    }
  }

  async #beginAll(items: readonly WorkItem[]): Promise<readonly WorkItem[]> {
    const begun: WorkItem[] = []
    for (const item of items) {
      try {
        if (!this.#begun.has(item)) await this.#options.listener.begin(item)
        this.#begun.add(item)
        this.#inHand.add(item)
        begun.push(item)
      } catch (error) {
        this.#options.listener.failed(item, error)
      }
    }
    return begun
  }

  async #together(seat: Seat, items: readonly WorkItem[]): Promise<void> {
    const { pace, limits } = this.#options
    const lockTimeoutMs = Math.min(BATCH_LOCK_TIMEOUT_MS, limits.lockTimeoutMs)
    const countLocks = pace.needsLockCount
    const outcome = await runBatch(seat.connection, items, { lockTimeoutMs, countLocks })
    if (outcome.kind === 'broken') return await this.#mend(seat, items, outcome)
    const serverMs = outcome.durationsMs.flat().reduce((sum, each) => sum + each, 0)
    pace.succeeded(items.length, serverMs, performance.now())
    if (outcome.locks !== null) pace.locksCounted(outcome.locks, items.length)
    this.#commit(
      items,
      outcome.durationsMs.length,
      (file, target) => outcome.durationsMs[file]?.[target] ?? 0,
    )
  }

  /** Notes files that are committed for all items of a batch. */
  #commit(
    items: readonly WorkItem[],
    files: number,
    durationMs: (file: number, target: number) => number,
  ): void {
    for (const [target, item] of items.entries()) {
      for (const [file, task] of item.tasks.slice(0, files).entries()) {
        this.#noteFile(item, { task, durationMs: durationMs(file, target) })
      }
      advance(item, files)
      if (item.tasks.length === 0) this.#finish(item)
    }
  }

  /** Sorts the targets of a batch that was rolled back. */
  async #mend(
    seat: Seat,
    items: readonly WorkItem[],
    broken: Extract<BatchOutcome, { kind: 'broken' }>,
  ): Promise<void> {
    const { pace } = this.#options
    this.#commit(items, broken.committed, () => 0)
    const state = sqlStateOf(broken.error)
    if (state === LEDGER_LOCKED || state === LEDGER_UNCHANGED) return await this.#evade(seat, items)
    const trouble = passingTrouble(broken.error)
    if (trouble === 'memory') {
      pace.outOfLocks()
      this.#giveBack(items)
      return
    }
    pace.broke()
    const culprit = broken.target === null ? undefined : items[broken.target]
    if (culprit === undefined) {
      // COMMIT failed, or the server could not read the message: each is tried alone, and tells.
      for (const item of items) item.shape = null
      this.#giveBack(items)
      return
    }
    const others = items.filter((item) => item !== culprit)
    if (trouble === 'lock') {
      this.#giveBack(others)
      this.#wait(culprit)
    } else {
      culprit.shape = null
      this.#giveBack([culprit, ...others])
    }
  }

  /** Another runner has done some of them, or is about to. */
  async #evade(seat: Seat, items: readonly WorkItem[]): Promise<void> {
    const [task] = items[0]?.tasks ?? []
    if (task === undefined) return
    const targets = items.map(({ target }) => target)
    const collisions = await findCollisions(seat.connection, targets, itemOf(task.file), task.number)
    const free: WorkItem[] = []
    let held = false
    for (const [index, item] of items.entries()) {
      const collision = collisions[index]
      if (collision?.held === true) {
        held = true
        this.#hold(item)
        continue
      }
      if (collision?.applied === true) this.#skipFile(item)
      if (item.tasks.length > 0) free.push(item)
    }
    if (held) this.#queue.jump(Math.random())
    this.#giveBack(free)
  }

  #giveBack(items: readonly WorkItem[]): void {
    for (const item of items) this.#inHand.delete(item)
    this.#queue.giveBack(items)
  }

  #skipFile(item: WorkItem): void {
    const [task] = item.tasks
    if (task !== undefined) this.#noteFile(item, { task, durationMs: item.uncertain ? 0 : null })
    advance(item, 1)
    if (item.tasks.length === 0) this.#finish(item)
  }

  /** One target in transactions of its own: one try, so that nobody waits behind it. */
  async #alone(seat: Seat, item: WorkItem): Promise<void> {
    const { limits, pace } = this.#options
    const left = this.#leftMs(item)
    const lockTimeoutMs = Math.ceil(Math.min(limits.lockTimeoutMs, lockTimeoutOf(item), Math.max(1, left)))
    const once = { ...limits, lockTimeoutMs, deadlineMs: 0 }
    const { done, failure } = await runTarget(seat.connection, item.tasks, item.access, once)
    for (const outcome of done) this.#noteFile(item, this.#ours(item, outcome))
    advance(item, done.length)
    if (failure === null) {
      const ms = done.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
      if (item.waiting === null) pace.succeeded(1, ms, performance.now())
      return this.#finish(item)
    }
    const { error } = failure
    if (seat.connection.lost) throw error
    if (isAbort(limits, error)) return this.#giveBack([item])
    if (isSchemaGone(error)) return this.#lose(item)
    const trouble = passingTrouble(error)
    if (trouble === 'memory') pace.outOfLocks()
    if (trouble !== null && left > 0) return this.#wait(item)
    this.#inHand.delete(item)
    this.#options.listener.failed(item, error)
  }

  /** A file that an earlier session of this run committed was not another runner's. */
  #ours(item: WorkItem, outcome: FileOutcome): FileOutcome {
    return item.uncertain && outcome.durationMs === null ? { ...outcome, durationMs: 0 } : outcome
  }

  #leftMs({ waiting }: WorkItem): number {
    const { deadlineMs } = this.#options.limits
    return waiting === null ? deadlineMs : waiting.sinceMs + deadlineMs - performance.now()
  }

  #wait(item: WorkItem): void {
    const now = performance.now()
    if (item.waiting === null) this.#options.listener.waits(item)
    item.waiting = { sinceMs: item.waiting?.sinceMs ?? now, tries: (item.waiting?.tries ?? 0) + 1 }
    // Half of it is jitter, so that those who met do not meet again.
    const delayMs = Math.min(2_000, 50 * 2 ** item.waiting.tries) * (0.5 + Math.random() / 2)
    this.#inHand.delete(item)
    this.#queue.wait(item, now + Math.min(delayMs, Math.max(0, this.#leftMs(item))))
  }

  /** Its deadline is that of waiting for a lock, which it is: the target's own. */
  #hold(item: WorkItem): void {
    const now = performance.now()
    const waiting = item.waiting ?? { sinceMs: now, tries: 0 }
    item.waiting = waiting
    this.#inHand.delete(item)
    // In the end it goes alone, which names whoever holds it.
    if (this.#leftMs(item) <= 0) this.#queue.wait(item, now)
    else this.#queue.hold(item, now + HELD_MS * (0.5 + Math.random()))
  }

  #noteFile(item: WorkItem, outcome: FileOutcome): void {
    const { task, durationMs } = outcome
    if (durationMs !== null) {
      item.files += 1
      item.durationMs += durationMs
      this.#durations.push({ target: item.target, item: itemOf(task.file), durationMs })
    }
    this.#options.listener.applied(item, outcome)
  }

  #finish(item: WorkItem): void {
    this.#inHand.delete(item)
    this.#options.listener.done(item)
  }

  #lose(item: WorkItem): void {
    this.#inHand.delete(item)
    this.#options.listener.lost(item)
  }

  /** Writes durations down where nothing else is under way on a connection. */
  async flush(atLeast: number, seat?: Seat): Promise<void> {
    if (this.#durations.length < atLeast) return
    const { seats } = this.#options
    const used = seat ?? (await seats.take())
    if (used === null) return
    const portion = this.#durations.splice(0)
    try {
      await recordDurations(used.connection, portion)
    } catch (error) {
      // Lost with its connection: what is applied stands in the ledger, only its milliseconds do not.
      if (!used.connection.lost) throw error
    } finally {
      if (seat === undefined) seats.giveBack(used)
    }
  }
}

/** The first tries give up soon, later ones have more patience. */
function lockTimeoutOf({ waiting }: WorkItem): number {
  return BATCH_LOCK_TIMEOUT_MS * 2 ** Math.min(waiting?.tries ?? 0, 10)
}

function isSchemaGone(error: unknown): boolean {
  return sqlStateOf(error) === NO_SUCH_SCHEMA && (completedStatements(error) ?? BEFORE_FILE) < BEFORE_FILE
}
