import type { Connection } from '../../postgres/index.ts'
import type { FileOutcome, WaitLimits } from '../migrate/index.ts'
import type { Pace } from './pace.ts'
import type { Seats } from './seats.ts'
import type { WorkItem } from './work-item.ts'

/** How soon a target that another runner holds is looked at again. */
export const HELD_MS = 150

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

/** Whether an error is the run's own signal. */
export function isAbort({ signal }: WaitLimits, error: unknown): boolean {
  return signal?.aborted === true && error === signal.reason
}
