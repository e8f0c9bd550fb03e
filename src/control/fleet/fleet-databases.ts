import type { ControlContext } from '../context/index.ts'
import { defaultWaitLimits, type FleetState, type WaitLimits } from '../migrate/index.ts'
import type { FleetOptions } from './fleet-options.ts'
import { freeLocks } from './lock-headroom.ts'
import { Pace } from './pace.ts'
import { Seats } from './seats.ts'

/** Of the first look at the lock table, what the server takes for it, more or less, in milliseconds. */
const LOOKING_MS = 5

/** The means of a run in one database: its connections, and how hard it may work. */
export interface FleetDatabase {
  readonly seats: Seats
  readonly pace: Pace
}

/** The databases of a run, each made ready when its first target comes. */
export class FleetDatabases implements AsyncDisposable {
  readonly limits: WaitLimits
  readonly #context: Pick<ControlContext, 'databases' | 'signal'>
  readonly #state: FleetState
  readonly #options: Pick<FleetOptions, 'concurrency' | 'batch'>
  readonly #ready = new Map<string, FleetDatabase>()

  constructor(
    context: Pick<ControlContext, 'databases' | 'signal'>,
    state: FleetState,
    options: Pick<FleetOptions, 'limits' | 'concurrency' | 'batch'>,
  ) {
    this.#context = context
    this.#state = state
    this.#options = options
    this.limits = { ...defaultWaitLimits, ...options.limits, signal: context.signal }
  }

  async get(database: string): Promise<FleetDatabase> {
    const ready = this.#ready.get(database)
    if (ready !== undefined) return ready
    const first = this.#state.connections.get(database)
    if (first === undefined) throw new TypeError(`database ${database} was not opened`)
    const seats = new Seats({
      first,
      open: () => this.#context.databases.open(database),
      onFirst: (connection) => this.#state.replace(database, connection),
      awayMs: this.limits.deadlineMs,
      signal: this.#context.signal,
    })
    const { concurrency, batch } = this.#options
    const began = performance.now()
    const free = await freeLocks(first)
    const roundTripMs = Math.max(0, performance.now() - began - LOOKING_MS)
    const pace = new Pace({ concurrency, batch, roundTripMs })
    pace.headroom(free)
    const made = { seats, pace }
    this.#ready.set(database, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { seats } of this.#ready.values()) await seats[Symbol.asyncDispose]()
  }
}
