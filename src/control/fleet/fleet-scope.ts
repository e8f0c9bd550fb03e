import type { Target } from '../../model/index.ts'
import type { PendingOptions, SystemMigrations } from '../migrate/index.ts'
import type { Share } from './share.ts'

/** What a fleet run works on. */
export interface FleetScope extends PendingOptions {
  /** Of each system that has a target here. */
  readonly migrations: readonly SystemMigrations[]
  /** Where to migrate. They are provisioned: schema and owner exist. */
  readonly targets: readonly Target[]
  /** Every target of the systems, for `requires`. Default: `targets`. */
  readonly known?: readonly Target[]
  /** Cumulative shares of the tenants, wave after wave. Default: one wave. */
  readonly waves?: readonly Share[]
  /** The wave of each target, by its name, where an earlier run has dealt them out; replaces `waves`. */
  readonly assigned?: ReadonlyMap<string, AssignedWave>
}

export interface AssignedWave {
  readonly number: number
  readonly label: string
}
