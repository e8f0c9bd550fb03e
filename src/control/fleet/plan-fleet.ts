import { formatTarget } from '../../model/index.ts'
import {
  checkFiles,
  type FleetState,
  knownVersion,
  type MigrationFile,
  type PlannedTarget,
  planTargets,
  refuseHistories,
} from '../migrate/index.ts'
import type { FleetScope } from './fleet-scope.ts'
import { planWaves, type Wave } from './plan-waves.ts'

/** What a run would do, worked out before anything is changed. */
export interface FleetPlan {
  /** Every chosen target. */
  readonly chosen: readonly PlannedTarget[]
  /** Those with something to do, by wave. */
  readonly waves: readonly Wave[]
  /** The files of all of them, each once. */
  readonly files: readonly MigrationFile[]
}

/** Works out targets, files and waves. Changes nothing. */
export async function planFleet(state: FleetState, scope: FleetScope): Promise<FleetPlan> {
  const { migrations, targets } = scope
  const to = scope.to === undefined ? undefined : knownVersion(migrations, targets, scope.to)
  const chosen = planTargets(state, migrations, targets, { ...scope, to })
  await refuseHistories(state, chosen)
  const waiting = chosen.filter(({ pending }) => pending.versioned.length + pending.repeatable.length > 0)
  const files = [...new Set(waiting.flatMap(({ pending }) => [...pending.versioned, ...pending.repeatable]))]
  await checkFiles(files)
  const { assigned } = scope
  const waves =
    assigned === undefined ? planWaves(waiting, scope.waves ?? []) : assignedWaves(waiting, assigned)
  return { chosen, waves, files }
}

function assignedWaves(
  planned: readonly PlannedTarget[],
  assigned: NonNullable<FleetScope['assigned']>,
): readonly Wave[] {
  const byNumber = Map.groupBy(planned, ({ target }) => assigned.get(formatTarget(target))?.number ?? 1)
  return [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([number, here]) => {
      const [first] = here
      const label = first === undefined ? undefined : assigned.get(formatTarget(first.target))?.label
      return { number, label: label ?? '', planned: here }
    })
}
