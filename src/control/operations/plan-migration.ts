import { formatTarget } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { planFleet } from '../fleet/index.ts'
import { FleetState, labelOf } from '../migrate/index.ts'
import { fleetWork, type WorkChoice } from './fleet-work.ts'

/** What `panal migrate` would do. */
export interface MigrationPlan {
  readonly targets: number
  readonly upToDate: number
  readonly waves: readonly {
    readonly wave: number
    readonly label: string
    /** By name, in their order. */
    readonly targets: readonly string[]
  }[]
  /** In the order in which a target gets them. */
  readonly files: readonly {
    readonly service: string
    readonly migration: string
    readonly path: string
    readonly transaction: boolean
    /** How many targets need it. */
    readonly targets: number
    readonly sql: string
  }[]
}

/**
 * Works out what a migration would do, with the same refusals, and changes nothing.
 *
 * @throws PANAL_NOT_PROVISIONED, PANAL_RUN_UNKNOWN, PANAL_RUN_NOT_RESUMABLE, PANAL_MIGRATION_EDITED and
 *   what else is refused before anything is applied
 */
export async function planMigration(
  context: ControlContext,
  choice: WorkChoice = {},
): Promise<MigrationPlan> {
  const work = await fleetWork(context, choice)
  const { targets, known = targets } = work
  await using state = await FleetState.open(context, [...known, ...targets], { changeNothing: true })
  const plan = await planFleet(state, work)
  const planned = plan.waves.flatMap((wave) => wave.planned)
  return {
    targets: plan.chosen.length,
    upToDate: plan.chosen.length - planned.length,
    waves: plan.waves.map(({ number, label, planned: here }) => ({
      wave: number,
      label,
      targets: here.map(({ target }) => formatTarget(target)),
    })),
    files: plan.files.map((file) => ({
      service: `${file.system}/${file.service}`,
      migration: labelOf(file),
      path: file.path,
      transaction: file.up.transaction,
      targets: planned.filter(({ pending }) =>
        file.kind === 'versioned' ? pending.versioned.includes(file) : pending.repeatable.includes(file),
      ).length,
      sql: file.up.sql,
    })),
  }
}
