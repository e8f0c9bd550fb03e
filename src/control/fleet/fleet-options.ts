import type { Target } from '../../model/index.ts'
import type { WaitLimits } from '../migrate/index.ts'
import type { FleetScope } from './fleet-scope.ts'
import type { FleetPlan } from './plan-fleet.ts'
import type { RunRecorder } from './run-recorder.ts'
import type { Share } from './share.ts'

export interface FleetOptions extends FleetScope {
  /** Default: {@link defaultWaitLimits}. */
  readonly limits?: Partial<Pick<WaitLimits, 'lockTimeoutMs' | 'deadlineMs'>>
  /** Connections to each database. Default: it adapts, from 2. */
  readonly concurrency?: number
  /** Targets per transaction. Default: it adapts, up to 32. */
  readonly batch?: number
  /** The pause between two waves, in milliseconds. Default: none. */
  readonly bakeMs?: number
  /**
   * The run stops once more targets than this have failed: a count over the run, a percentage of
   * the wave. Default: a wave goes on to its end, and none begins after a failure.
   */
  readonly maxFailures?: Share
  /** The run stops once more targets of a wave than this had to wait for a lock. Default: no limit. */
  readonly maxLockWaits?: Share
  /**
   * The run stops once a replica is behind by more, in milliseconds, where pg_stat_replication shows
   * it. Default: 30,000 with several waves, else no limit. 0: no limit.
   */
  readonly maxReplicaLagMs?: number
  /** The id under which the ledger notes this run. */
  readonly run?: string
  /** Writes down what becomes of each target. Default: nobody does. */
  readonly recorder?: RunRecorder
  /** Hears what the run is about to do. */
  readonly onPlan?: (plan: FleetPlan) => void
  /**
   * Called before the first file of a target, such as to back it up. A PanalError that it throws is the
   * target's failure; any other error ends the run.
   */
  readonly beforeTarget?: (target: Target) => Promise<void>
}
