import { setTimeout as sleep } from 'node:timers/promises'
import { HELD_MS, isAbort, type LaneOptions } from './lane-options.ts'
import { LaneWork } from './lane-work.ts'
import { freeLocks } from './lock-headroom.ts'
import type { Seat } from './seats.ts'
import type { WorkItem } from './work-item.ts'
import { WorkQueue } from './work-queue.ts'

/** Lanes that wait for locks, beside those that work: one for so many waiting targets. */
const WAITING_PER_LANE = 8
const MOST_WAITING_LANES = 4
/** How often lanes look at the lock table and at replicas. */
const LOOK_MS = 2_000

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
  readonly #work: LaneWork
  readonly #lanes = new Set<Promise<void>>()
  #working = 0
  #waitingLanes = 0
  /** Whoever made the database ready has just looked. */
  #lookedMs = performance.now()
  #defect: { readonly error: unknown } | null = null

  constructor(options: LaneOptions, items: readonly WorkItem[]) {
    this.#options = options
    this.#queue = new WorkQueue(items)
    this.#work = new LaneWork(options, this.#queue)
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
    await this.#work.flush(1)
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
    const lane: Promise<void> = (kind === 'working' ? this.#attendReady() : this.#attendWaiting())
      .catch((error: unknown) => {
        if (!isAbort(this.#options.limits, error)) this.#defect ??= { error }
      })
      .finally(() => {
        count(-1)
        this.#lanes.delete(lane)
      })
    this.#lanes.add(lane)
  }

  /** A lane for what is ready. */
  async #attendReady(): Promise<void> {
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
        if (items.length > 0) await this.#work.do(seat, items)
        else if (!(await this.#untilTime('held'))) break
        this.#fillLanes()
      }
    } finally {
      seats.giveBack(seat)
    }
  }

  /** A lane for what waits. Without a connection of its own it takes what working lanes give back. */
  async #attendWaiting(): Promise<void> {
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
        await this.#work.do(seat, [item])
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
}
