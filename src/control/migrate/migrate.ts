import type { Target } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { ledgerFileKey } from '../state/index.ts'
import { checkFiles } from './check-file.ts'
import type { FileTask } from './file-script.ts'
import { FleetState } from './fleet-state.ts'
import type { SystemMigrations } from './load-migrations.ts'
import type { PendingOptions } from './pending.ts'
import { knownVersion, planTargets, refuseHistories } from './plan-targets.ts'
import { recordFiles } from './record-files.ts'
import { checkRequirements } from './requirements.ts'
import { defaultWaitLimits, type WaitLimits } from './run-file.ts'
import type { MigrateResult } from './run-result.ts'
import { stagesOf } from './stages.ts'
import { TargetRuns } from './target-runs.ts'

export interface MigrateOptions extends PendingOptions {
  /** Of each system that has a target here. */
  readonly migrations: readonly SystemMigrations[]
  /** Where to migrate. They are provisioned: schema and owner exist. */
  readonly targets: readonly Target[]
  /** Every target of the systems, for `requires`. Default: `targets`. */
  readonly known?: readonly Target[]
  /** Default: {@link defaultWaitLimits}. */
  readonly limits?: Partial<Pick<WaitLimits, 'lockTimeoutMs' | 'deadlineMs'>>
  /** The id under which the ledger notes this run. */
  readonly run?: string
}

/**
 * Applies what is pending to targets, one after the other on one connection per database: versioned
 * files of all services in the order of their `requires`, then repeatable ones whose text changed.
 * A target on which a file fails keeps the files before it, skips those after it and does not stop
 * the others. The context's signal ends the run after the message in flight.
 *
 * @throws PANAL_MIGRATION_EDITED, PANAL_MIGRATION_MISSING, PANAL_MIGRATION_BELOW_HEAD,
 *   PANAL_MIGRATION_VERSION_UNKNOWN before anything is applied anywhere
 * @throws PANAL_CONNECTION_LOST; what was finished stands in the ledger, and the next call goes on from there
 */
export async function migrate(
  context: Pick<ControlContext, 'databases' | 'onProgress' | 'signal'>,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const { targets, known = targets, run = null } = options
  const to = options.to === undefined ? undefined : knownVersion(options.migrations, targets, options.to)
  await using state = await FleetState.open(context, [...known, ...targets])
  const planned = planTargets(state, options.migrations, targets, { ...options, to })
  await refuseHistories(state, planned)
  await checkFiles([
    ...new Set(planned.flatMap(({ pending }) => [...pending.versioned, ...pending.repeatable])),
  ])
  const numbers = await recordFiles(state, planned)
  const limits = { ...defaultWaitLimits, ...options.limits, signal: context.signal }
  const runs = new TargetRuns(state, limits, context.onProgress)
  const waiting = planned.filter(({ pending }) => pending.versioned.length + pending.repeatable.length > 0)
  context.onProgress({ kind: 'begin', label: 'migrate', total: waiting.length })
  for (const part of stagesOf(options.migrations, waiting).flat()) {
    const { target, migrations } = part.planned
    const tasks = part.files.map((file): FileTask => {
      const number = numbers.get(target.database)?.get(ledgerFileKey(file)) ?? 0
      return { target, file, direction: 'up', number, run }
    })
    const unmet = firstUnmet(tasks, known, state)
    await runs.run(
      migrations.system,
      target,
      unmet === null ? tasks : tasks.slice(0, tasks.indexOf(unmet.task)),
    )
    if (unmet !== null && !runs.hasFailed(target) && !runs.interrupted)
      runs.fail(target, unmet.task, unmet.error)
  }
  return await runs.finish(run, targets.length)
}

/** The first file whose `requires` are not met, since what it requires failed or was not chosen. */
function firstUnmet(
  tasks: readonly FileTask[],
  known: readonly Target[],
  state: FleetState,
): { readonly task: FileTask; readonly error: unknown } | null {
  for (const task of tasks) {
    try {
      checkRequirements(task.file, task.target, known, (target, item) => state.isApplied(target, item))
    } catch (error) {
      return { task, error }
    }
  }
  return null
}
