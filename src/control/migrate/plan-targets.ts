import { PanalError, type Target } from '../../model/index.ts'
import type { FleetState } from './fleet-state.ts'
import { historyError } from './history-error.ts'
import { migrationsOf, type SystemMigrations } from './load-migrations.ts'
import type { ServiceMigrations } from './migration-file.ts'
import { type Pending, type PendingOptions, pendingOf } from './pending.ts'
import { canonicalVersion } from './version.ts'

/** A target and what is pending there. */
export interface PlannedTarget {
  readonly target: Target
  readonly migrations: SystemMigrations
  readonly pending: Pending
}

/** Works out what is pending on each target. */
export function planTargets(
  state: Pick<FleetState, 'appliedAtStart'>,
  allMigrations: readonly SystemMigrations[],
  targets: readonly Target[],
  options: PendingOptions,
): readonly PlannedTarget[] {
  // Targets in the same state share the list of what is applied, so a fleet is compared once per state.
  const derived = new Map<ServiceMigrations, Map<unknown, Pending>>()
  return targets.map((target) => {
    const migrations = systemOf(allMigrations, target)
    const service = migrationsOf(migrations, target.service)
    const applied = state.appliedAtStart(target)
    const byState = derived.get(service) ?? new Map<unknown, Pending>()
    derived.set(service, byState)
    const pending = byState.get(applied) ?? pendingOf(service, applied, options)
    byState.set(applied, pending)
    return { target, migrations, pending }
  })
}

/**
 * Files that contradict a history are wrong for this target at least, so nothing is applied anywhere.
 * @throws PANAL_MIGRATION_EDITED, PANAL_MIGRATION_MISSING, PANAL_MIGRATION_BELOW_HEAD
 */
export async function refuseHistories(state: FleetState, planned: readonly PlannedTarget[]): Promise<void> {
  for (const { target, migrations, pending } of planned) {
    const [problem] = pending.problems
    if (problem === undefined) continue
    const service = migrationsOf(migrations, target.service)
    throw await historyError(state.connection(target), target, service, problem)
  }
}

/** @throws TypeError when the caller loaded no migrations of the target's system */
export function systemOf(migrations: readonly SystemMigrations[], target: Target): SystemMigrations {
  const found = migrations.find(({ system }) => system.name === target.system)
  if (found === undefined) throw new TypeError(`no migrations of system ${target.system} were loaded`)
  return found
}

/**
 * The canonical version, which a chosen service must have.
 * @throws PANAL_MIGRATION_VERSION_UNKNOWN
 */
export function knownVersion(
  migrations: readonly SystemMigrations[],
  targets: readonly Target[],
  version: string,
): string {
  const canonical = canonicalVersion(version)
  const chosen = migrations.flatMap(({ services }) =>
    services.filter(({ system, service }) =>
      targets.some((target) => target.system === system && target.service === service),
    ),
  )
  if (chosen.some(({ versioned }) => versioned.some((file) => file.version === canonical))) return canonical
  throw new PanalError('PANAL_MIGRATION_VERSION_UNKNOWN', `No chosen service has a migration ${version}.`)
}
