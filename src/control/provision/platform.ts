import type { Config, System, Target } from '../../model/index.ts'

/** What should stand: every system of the configuration with all its targets, tenants' included. */
export interface Platform {
  readonly config: Config
  /** The systems that this plan is about. */
  readonly selected: readonly System[]
  /** Targets of all systems, since databases and roles are shared. */
  readonly targets: readonly Target[]
  /** The targets that this plan is about. */
  readonly focus: readonly Target[]
  /** Whether `focus` is all of the selected systems, so that what is not in it left the model. */
  readonly whole: boolean
}

/** The database keys where a system has targets; its own database even before any tenant. */
export function databasesOf(platform: Platform, system: System): readonly string[] {
  const keys = platform.targets
    .filter((target) => target.system === system.name)
    .map((target) => target.database)
  return [...new Set([system.database, ...keys])].sort()
}
