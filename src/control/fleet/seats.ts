import { type Connection, retryRuleOf, withRetries } from '../../postgres/index.ts'
import { passingTrouble } from './passing-trouble.ts'

/**
 * A backend keeps about 5 KB of every relation that it ever touched (facts): after so many it is
 * replaced, at 60 MB. Opening another takes 5 to 10 ms.
 */
const RELATIONS_PER_BACKEND = 12_000

/** A connection that one lane works on at a time. */
export interface Seat {
  connection: Connection
  /** Relations that its backend has touched, as far as is known. */
  relations: number
}

export interface SeatOptions {
  readonly open: () => Promise<Connection>
  /** The connection that is there from the beginning. It stays the caller's to close. */
  readonly first: Connection
  /** Hears which connection has taken the place of the first. */
  readonly onFirst: (connection: Connection) => void
  /** How long a server that is away is waited for, in milliseconds. */
  readonly awayMs: number
  readonly signal: AbortSignal
}

/** The connections to one database: opened when a lane needs one, kept for the next, replaced when lost or grown. */
export class Seats implements AsyncDisposable {
  readonly #options: SeatOptions
  readonly #first: Seat
  readonly #all = new Set<Seat>()
  readonly #free: Seat[]

  constructor(options: SeatOptions) {
    this.#options = options
    this.#first = { connection: options.first, relations: 0 }
    this.#all.add(this.#first)
    this.#free = [this.#first]
  }

  get open(): number {
    return this.#all.size
  }

  /** A free seat, or a new one; null when the server has no connection to give at this moment. */
  async take(): Promise<Seat | null> {
    const free = this.#free.pop()
    if (free !== undefined) return free
    try {
      const seat = { connection: await this.#options.open(), relations: 0 }
      this.#all.add(seat)
      return seat
    } catch (error) {
      if (isUnavailable(error)) return null
      throw error
    }
  }

  giveBack(seat: Seat): void {
    this.#free.push(seat)
  }

  /** Notes what a backend touched, and replaces it when that is much. */
  async touched(seat: Seat, relations: number): Promise<void> {
    seat.relations += relations
    if (seat.relations >= RELATIONS_PER_BACKEND) await this.reopen(seat)
  }

  /**
   * Puts another connection in the place of one that was lost or has grown, waiting for a server
   * that restarts.
   *
   * @throws what opening throws, once the server was away for too long
   */
  async reopen(seat: Seat): Promise<void> {
    const { open, awayMs, signal } = this.#options
    await seat.connection.close()
    seat.connection = await withRetries(open, { deadlineMs: awayMs, repeatable: true, signal })
    seat.relations = 0
    if (seat === this.#first) this.#options.onFirst(seat.connection)
  }

  /** Closes all but the first. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const seat of this.#all) if (seat !== this.#first) await seat.connection.close()
  }
}

/**
 * No connection left, no place in the lock table for what a new one looks up, or a server that
 * restarts: whoever holds a seat already finds out whether it comes back.
 */
function isUnavailable(error: unknown): boolean {
  return retryRuleOf(error) !== undefined || passingTrouble(error) === 'memory'
}
