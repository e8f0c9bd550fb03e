import type { Target } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { emptyLedger } from '../state/index.ts'
import { readFleet } from './fleet-state.ts'
import { migrationsOf, type SystemMigrations } from './load-migrations.ts'
import { labelOf, type MigrationFile, type ServiceMigrations } from './migration-file.ts'
import { type HistoryProblem, type Pending, pendingOf } from './pending.ts'
import { systemOf } from './plan-targets.ts'

/** How far one target is. */
export interface TargetStatus {
  readonly target: Target
  /** The highest version applied, as its file is named: `004_order_channel`; null before the first. */
  readonly version: string | null
  /** What the next migrate would apply, by name. */
  readonly pending: readonly string[]
  readonly pendingFiles: readonly MigrationFile[]
  /** Whether a `transaction:false` file was begun and not finished. */
  readonly unfinished: boolean
  /** Why migrate would refuse: an edited or missing file, or one below the head. */
  readonly problems: readonly HistoryProblem[]
}

/**
 * How far every target is, in four queries per database, however many targets there are. Changes
 * nothing: a database or ledger that does not exist yet means that everything is pending.
 */
export async function migrationStatus(
  context: Pick<ControlContext, 'databases'>,
  allMigrations: readonly SystemMigrations[],
  targets: readonly Target[],
): Promise<readonly TargetStatus[]> {
  const ledgers = await readFleet(context, targets)
  // Targets in the same state share the list of what is applied, so a fleet is compared once per state.
  const derived = new Map<ServiceMigrations, Map<unknown, Omit<TargetStatus, 'target' | 'unfinished'>>>()
  return targets.map((target) => {
    const ledger = ledgers.get(target.database) ?? emptyLedger
    const service = migrationsOf(systemOf(allMigrations, target), target.service)
    const applied = ledger.appliedTo(target)
    const byState = derived.get(service) ?? new Map()
    derived.set(service, byState)
    const shared = byState.get(applied) ?? describe(pendingOf(service, applied))
    byState.set(applied, shared)
    return { target, unfinished: ledger.isUnfinished(target), ...shared }
  })
}

function describe({
  head,
  versioned,
  repeatable,
  problems,
}: Pending): Omit<TargetStatus, 'target' | 'unfinished'> {
  return {
    version: head === null ? null : labelOf(head),
    pending: [...versioned, ...repeatable].map(labelOf),
    pendingFiles: [...versioned, ...repeatable],
    problems,
  }
}
