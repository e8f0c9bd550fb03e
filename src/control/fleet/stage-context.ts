import type { Target } from '../../model/index.ts'
import type { FleetState, MigrationFile } from '../migrate/index.ts'
import type { FleetDatabases } from './fleet-databases.ts'
import type { FleetTally } from './fleet-tally.ts'

/** What a stage needs to know of its run. */
export interface StageContext {
  readonly state: FleetState
  readonly databases: FleetDatabases
  readonly tally: FleetTally
  readonly known: readonly Target[]
  readonly run: string | null
  /** The number of each file in each ledger, by `ledgerFileKey`. */
  readonly numbers: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly maxReplicaLagMs: number
  readonly beforeTarget: ((target: Target) => Promise<void>) | undefined
  readonly signal: AbortSignal
  /** By target: files whose requirements only a later wave can meet. */
  readonly held: Map<string, Set<MigrationFile>>
}
