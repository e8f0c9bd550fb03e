import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, completedStatements, sqlStateOf } from '../../postgres/index.ts'
import { type FileOutcome, itemOf, runTarget, type WaitLimits } from '../migrate/index.ts'
import {
  type AppliedDuration,
  findCollisions,
  LEDGER_LOCKED,
  LEDGER_UNCHANGED,
  recordDurations,
} from '../state/index.ts'
import { freeLocks } from './lock-headroom.ts'
import type { Pace } from './pace.ts'
import { passingTrouble } from './passing-trouble.ts'
import { type BatchOutcome, runBatch } from './run-batch.ts'
import type { Seat, Seats } from './seats.ts'
import { advance, type WorkItem } from './work-item.ts'
import { WorkQueue } from './work-queue.ts'

/** In a batch a waiting target holds the tables of those before it: it gives up soon, and waits alone. */
const BATCH_LOCK_TIMEOUT_MS = 100
/** How soon a target that another runner holds is looked at again. */
const HELD_MS = 150
/** Lanes that wait for locks, beside those that work: one for so many waiting targets. */
const WAITING_PER_LANE = 8
const MOST_WAITING_LANES = 4
/** How often lanes look at the lock table and at replicas. */
const LOOK_MS = 2_000
const DURATIONS_AT_ONCE = 500
/** `search_path` of a schema that is gone, cast to regnamespace. */
const NO_SUCH_SCHEMA = '3F000'
/** BEGIN, and the SELECT before the file: an error this early is not the file's. */
const BEFORE_FILE = 2

/** Hears what becomes of targets. */
export interface LaneListener {
  /** Called before a target's first file; what it throws is the target's failure. */
  begin(item: WorkItem): Promise<void>
  /** A file stands in the ledger, by this run or another. */
  applied(item: WorkItem, outcome: FileOutcome): void
  done(item: WorkItem): void
  failed(item: WorkItem, error: unknown): void
  /** Its schema is not there any more. */
  lost(item: WorkItem): void
  /** It met a lock, and goes on alone. */
  waits(item: WorkItem): void
  /** Called every other second between two messages, on a connection that is free. */
  look(connection: Connection): Promise<void>
  /** Whether no further target may be begun. */
  stopping(): boolean
}

export interface LaneOptions {
  readonly seats: Seats
  readonly pace: Pace
  readonly limits: WaitLimits
  readonly listener: LaneListener
}

/**
 * Works through the targets of one database in a stage.
 *
 *     ready ──batch──▶ done
 *       ▲     │ a target fails ──▶ ready, as the next, alone ──▶ failed, with its place in the file
 *       │     │ a target waits ──▶ waiting ──alone, with retries──▶ done, or failed at its deadline
 *       │     │ held by another runner ──▶ held ──▶ ready, at the end
 *       └─────┘ the others of a broken batch
 *
 * Lanes take from the queue until it is empty; whatever gives something back looks whether a lane is
 * missing.
 */
export class DatabaseLanes {
  readonly #options: LaneOptions
  readonly #queue: WorkQueue
  readonly #lanes = new Set<Promise<void>>()
  readonly #durations: AppliedDuration[] = []
  readonly #begun = new Set<WorkItem>()
  /** Taken from the queue, and neither given back nor finished. */
  readonly #inHand = new Set<WorkItem>()
  #working = 0
  #waitingLanes = 0
  /** Whoever made the database ready has just looked. */
  #lookedMs = performance.now()
  #defect: { readonly error: unknown } | null = null

  constructor(options: LaneOptions, items: readonly WorkItem[]) {
    this.#options = options
    this.#queue = new WorkQueue(items)
  }

  /**
   * Ends when every target has its outcome, or the listener stops it.
   * @throws what ends the run: a server that stays away, a defect
   */
  async run(): Promise<void> {
    this.#fillLanes()
    while (this.#lanes.size > 0) {
      await Promise.race(this.#lanes)
      this.#fillLanes()
    }
    if (this.#defect !== null) throw this.#defect.error
    await this.#flush(1)
  }

  get #stopping(): boolean {
    return this.#defect !== null || this.#options.listener.stopping()
  }

  #fillLanes(): void {
    if (this.#stopping) return
    const { pace } = this.#options
    while (this.#working < pace.lanesFor(this.#queue.ready)) this.#start('working')
    const wanted = Math.min(MOST_WAITING_LANES, Math.ceil(this.#queue.waiting / WAITING_PER_LANE))
    while (this.#waitingLanes < wanted) this.#start('waiting')
  }

  #start(kind: 'working' | 'waiting'): void {
    const count = (by: 1 | -1): void => {
      if (kind === 'working') this.#working += by
      else this.#waitingLanes += by
    }
    count(1)
    const lane: Promise<void> = (kind === 'working' ? this.#work() : this.#attend())
      .catch((error: unknown) => {
        if (!this.#isAbort(error)) this.#defect ??= { error }
      })
      .finally(() => {
        count(-1)
        this.#lanes.delete(lane)
      })
    this.#lanes.add(lane)
  }

  /** A lane for what is ready. */
  async #work(): Promise<void> {
    const { seats, pace } = this.#options
    const seat = await seats.take()
    if (seat === null) {
      pace.outOfConnections(seats.open)
      if (this.#working === 1) await sleep(HELD_MS)
      return
    }
    try {
      while (!this.#stopping && this.#working <= pace.lanes) {
        await this.#lookAround(seat)
        const items = this.#queue.take(pace.batchSize(this.#queue.ready), performance.now())
        if (items.length > 0) await this.#do(seat, items)
        else if (!(await this.#untilTime('held'))) break
        this.#fillLanes()
      }
    } finally {
      seats.giveBack(seat)
    }
  }

  /** A lane for what waits. Without a connection of its own it takes what working lanes give back. */
  async #attend(): Promise<void> {
    const { seats } = this.#options
    while (!this.#stopping && this.#queue.waiting > 0) {
      const item = this.#queue.takeWaiting(performance.now())
      if (item === undefined) {
        await this.#untilTime('waiting')
        continue
      }
      const seat = await seats.take()
      if (seat === null) {
        this.#queue.wait(item, performance.now() + HELD_MS)
        await sleep(HELD_MS)
        continue
      }
      try {
        await this.#do(seat, [item])
      } finally {
        seats.giveBack(seat)
      }
    }
  }

  /** Sleeps until an item's time has come, but never long: others may give something back. Whether there is one. */
  async #untilTime(kind: 'held' | 'waiting'): Promise<boolean> {
    const nextMs = this.#queue.nextMs(kind)
    if (nextMs === undefined) return false
    await sleep(Math.min(HELD_MS, Math.max(1, nextMs - performance.now())))
    return true
  }

  async #lookAround(seat: Seat): Promise<void> {
    if (performance.now() - this.#lookedMs < LOOK_MS) return
    this.#lookedMs = performance.now()
    try {
      this.#options.pace.headroom(await freeLocks(seat.connection))
      await this.#options.listener.look(seat.connection)
    } catch (error) {
      if (!seat.connection.lost) throw error
      await this.#options.seats.reopen(seat)
    }
  }

  async #do(seat: Seat, taken: readonly WorkItem[]): Promise<void> {
    const items = await this.#beginAll(taken)
    const [first, ...others] = items
    if (first === undefined) return
    try {
      if (others.length === 0) await this.#alone(seat, first)
      else await this.#together(seat, items)
      await this.#flush(DURATIONS_AT_ONCE, seat)
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

  #isAbort(error: unknown): boolean {
    const { signal } = this.#options.limits
    return signal?.aborted === true && error === signal.reason
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
    const lockTimeoutMs = Math.min(limits.lockTimeoutMs, lockTimeoutOf(item), Math.max(1, left))
    // A lost session leaves the target with what was noted before; the ledger tells the rest.
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
    if (this.#isAbort(error)) return this.#giveBack([item])
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
  async #flush(atLeast: number, seat?: Seat): Promise<void> {
    if (this.#durations.length < atLeast) return
    const { seats } = this.#options
    const used = seat ?? (await seats.take())
    if (used === null) return
    const portion = this.#durations.splice(0)
    try {
      // Lost with its connection: what is applied stands in the ledger, only its milliseconds do not.
      if (!used.connection.lost) await recordDurations(used.connection, portion)
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
