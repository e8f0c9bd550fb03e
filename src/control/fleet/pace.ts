export interface PaceOptions {
  /** Fixes the number of lanes. Default: it adapts. */
  readonly concurrency?: number | undefined
  /** Fixes the targets per transaction, which only a full lock table then lowers. Default: it adapts. */
  readonly batch?: number | undefined
  /** What a message to the server and back takes, in milliseconds. */
  readonly roundTripMs: number
}

/** Beyond it lanes queue inside the server; no machine tried gained from more. */
const MOST_LANES = 12
/** Subtransactions aside, what is held and would be done again grows with it (facts: at most about 32). */
const MOST_TARGETS = 32
/**
 * How long a transaction of several targets may take in the server: their tables are locked until its
 * end, and their users must not notice.
 */
const BATCH_MS = 60
/** What a full batch of small files costs the server; decides how many lanes hide a round trip. */
const TYPICAL_BATCH_MS = 13
/** The first batch also learns how many locks a target needs, so it is small. */
const FIRST_BATCH = 4
/** Rates over less than this are noise. */
const WINDOW_MS = 400
/** A further lane stays when it brings at least this. */
const GAIN = 1.05
/** Windows to rest after a lane too many, before another try. */
const REST_WINDOWS = 10
/** Of the free places in the lock table, the part that a run may take. */
const LOCK_SHARE = 0.5
/** Until it was measured: a table with its index, its TOAST table and the like for each statement. */
const LOCKS_PER_STATEMENT = 8

/**
 * How many lanes a database gets and how many targets share a transaction. Pure: it hears what
 * happened and when.
 *
 *     lanes    begin at 2, more where the round trip is long; then one more for 0.4 s, which stays
 *              where the rate grew by 5 %, else goes, and is tried again later. A refused connection
 *              or a full lock table lowers them at once.
 *     batch    begins at 4, doubles with every batch that went through, up to what the server does
 *              in 60 ms, to the lock table's headroom, and to 32; halves whenever a batch breaks.
 */
export class Pace {
  readonly #options: PaceOptions
  #lanes: number
  #mostLanes: number
  #allowed: number
  #breaks = 0
  #streak = 0
  #msPerTarget = 0
  #locksPerTarget: number | null = null
  #assumedLocks = LOCKS_PER_STATEMENT
  #freeLocks = Number.POSITIVE_INFINITY
  #window: { sinceMs: number; targets: number } | null = null
  /** Of the windows with as many lanes as now. */
  #rate = 0
  #rest = 0
  /** Whether the last lane is there to be judged. */
  #trying = false

  constructor(options: PaceOptions) {
    this.#options = options
    const hidden = Math.round(2 * (1 + options.roundTripMs / TYPICAL_BATCH_MS))
    this.#mostLanes = options.concurrency ?? MOST_LANES
    this.#lanes = options.concurrency ?? Math.min(MOST_LANES, hidden)
    this.#allowed = FIRST_BATCH
  }

  get lanes(): number {
    return Math.min(this.#lanes, this.#mostLanes)
  }

  /** Lanes that so many targets keep busy: connections are opened for work that is there. */
  lanesFor(ready: number): number {
    if (this.#options.concurrency !== undefined) return Math.min(this.lanes, ready)
    return Math.min(this.lanes, Math.ceil(ready / Math.max(FIRST_BATCH, this.batchSize(ready))))
  }

  /** Whether nobody has yet told how many locks a target needs. */
  get needsLockCount(): boolean {
    return this.#locksPerTarget === null
  }

  /** Locks, and so relations, that a target needs at most, as far as is known. */
  get locksPerTarget(): number {
    return this.#locksPerTarget ?? this.#assumedLocks
  }

  /** Other files follow, of so many statements: what was learnt about locks and time holds no more. */
  expect(statements: number): void {
    this.#assumedLocks = LOCKS_PER_STATEMENT * (statements + 1)
    this.#locksPerTarget = null
    this.#msPerTarget = 0
    this.#allowed = FIRST_BATCH
  }

  /** Targets for the next transaction. @param waiting targets that wait for their turn, shared by all lanes */
  batchSize(waiting: number): number {
    const byLocks = Math.floor((this.#freeLocks * LOCK_SHARE) / this.lanes / this.locksPerTarget)
    const { batch } = this.#options
    if (batch !== undefined) return Math.max(1, Math.min(batch, byLocks))
    const byTime = this.#msPerTarget === 0 ? FIRST_BATCH : Math.floor(BATCH_MS / this.#msPerTarget)
    const fairShare = Math.max(this.#worthwhile, Math.ceil(waiting / this.lanes))
    return Math.max(1, Math.min(this.#allowed, byTime, byLocks, fairShare, MOST_TARGETS))
  }

  /** So many that the server works as long as the way to it takes: shares get smaller towards the end, but not below. */
  get #worthwhile(): number {
    return Math.ceil(this.#options.roundTripMs / Math.max(this.#msPerTarget, 0.5))
  }

  /** Targets were done together. @param serverMs what the server took for them */
  succeeded(targets: number, serverMs: number, nowMs: number): void {
    const perTarget = Math.max(serverMs / targets, 0.05)
    this.#msPerTarget = this.#msPerTarget === 0 ? perTarget : 0.7 * this.#msPerTarget + 0.3 * perTarget
    this.#streak += 1
    // Where batches keep breaking, each break makes the next try later.
    if (this.#streak >= 2 ** Math.min(this.#breaks, 6)) {
      this.#allowed = Math.min(MOST_TARGETS, this.#allowed * 2)
      this.#streak = 0
      this.#breaks = Math.max(0, this.#breaks - 1)
    }
    this.#climb(targets, nowMs)
  }

  /** A batch was rolled back: a target failed, or waited for a lock. */
  broke(): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2))
    this.#breaks += 1
    this.#streak = 0
  }

  /** The lock table was full (53200). */
  outOfLocks(): void {
    this.broke()
    this.#freeLocks = Math.min(this.#freeLocks / 2, this.locksPerTarget * this.lanes * this.#allowed * 4)
    this.#mostLanes = Math.max(1, Math.floor(this.lanes / 2))
  }

  /** A further connection was refused (53300). @param open how many there are */
  outOfConnections(open: number): void {
    this.#mostLanes = Math.max(1, open)
  }

  /** Heard every other second; what was refused may be there again. @param free places in the server's lock table */
  headroom(free: number): void {
    this.#freeLocks = Math.max(0, free)
    this.#mostLanes = Math.min(this.#options.concurrency ?? MOST_LANES, this.#mostLanes + 1)
  }

  locksCounted(locks: number, targets: number): void {
    this.#locksPerTarget = Math.max(this.#locksPerTarget ?? 1, Math.ceil(locks / targets))
  }

  /**
   * Tries a further lane now and then, and keeps it where it brings something. Never below where it
   * began: rates of a busy server go up and down by themselves, and whoever follows each fall ends at 1.
   */
  #climb(targets: number, nowMs: number): void {
    if (this.#options.concurrency !== undefined) return
    this.#window ??= { sinceMs: nowMs, targets: 0 }
    this.#window.targets += targets
    const elapsed = nowMs - this.#window.sinceMs
    if (elapsed < WINDOW_MS) return
    const rate = this.#window.targets / elapsed
    this.#window = { sinceMs: nowMs, targets: 0 }
    if (this.#trying) {
      this.#trying = false
      const gained = rate > this.#rate * GAIN
      this.#rest = gained ? 0 : REST_WINDOWS
      if (gained) this.#rate = rate
      else this.#lanes -= 1
      return
    }
    this.#rate = this.#rate === 0 ? rate : 0.5 * this.#rate + 0.5 * rate
    this.#rest -= 1
    if (this.#rest > 0 || this.#lanes >= MOST_LANES) return
    this.#trying = true
    this.#lanes += 1
  }
}
