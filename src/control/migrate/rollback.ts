import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { checkFiles } from './check-file.ts'
import type { FileTask } from './file-script.ts'
import { FleetState } from './fleet-state.ts'
import type { SystemMigrations } from './load-migrations.ts'
import { labelOf } from './migration-file.ts'
import { type Dependant, dependantsOf, type RevertStep, revertSteps } from './plan-rollback.ts'
import { defaultWaitLimits, type WaitLimits } from './run-file.ts'
import type { MigrateResult } from './run-result.ts'
import { TargetRuns } from './target-runs.ts'

export interface RollbackOptions {
  readonly migrations: readonly SystemMigrations[]
  readonly targets: readonly Target[]
  /** Every target of the systems, for `requires`. Default: `targets`. */
  readonly known?: readonly Target[]
  /** Takes back every version above this one (`0`: all), or this one alone. */
  readonly back: { readonly to: string } | { readonly only: string }
  /** Takes what depends on it back too, instead of refusing. Default false. */
  readonly cascade?: boolean
  /** Default: {@link defaultWaitLimits}. */
  readonly limits?: Partial<Pick<WaitLimits, 'lockTimeoutMs' | 'deadlineMs'>>
  readonly run?: string
}

/**
 * Runs down parts, newest first, each in the transaction that takes its row from the ledger.
 * Repeatable files are left as they are: they have no down part, and the next migrate brings them
 * back where their text changed.
 *
 * @throws PANAL_MIGRATION_VERSION_UNKNOWN, PANAL_MIGRATION_DOWN_MISSING, PANAL_MIGRATION_DEPENDANT,
 *   PANAL_MIGRATION_EDITED, PANAL_MIGRATION_MISSING before anything is taken back anywhere
 */
export async function rollback(
  context: Pick<ControlContext, 'databases' | 'onProgress' | 'signal'>,
  options: RollbackOptions,
): Promise<MigrateResult> {
  const { targets, known = targets, run = null } = options
  await using state = await FleetState.open(context, [...known, ...targets])
  const steps = await revertSteps(state, { ...options, known })
  await checkFiles([...new Set(steps.map(({ file }) => file))])
  const limits = { ...defaultWaitLimits, ...options.limits, signal: context.signal }
  const runs = new TargetRuns(state, limits, context.onProgress)
  const touched = new Set(steps.map(({ target }) => formatTarget(target)))
  context.onProgress({ kind: 'begin', label: 'rollback', total: touched.size })
  for (const step of steps) {
    if (runs.interrupted) break
    const { target, file, number, migrations } = step
    const task: FileTask = { target, file, number, direction: 'down', run }
    // A dependant whose down part failed still stands on this one.
    const [dependant] = dependantsOf(step, known, (other, item) => state.isApplied(other, item))
    if (dependant === undefined) await runs.run(migrations.system, target, [task])
    else if (!runs.hasFailed(target)) runs.fail(target, task, dependantError(step, dependant))
  }
  return await runs.finish(run, new Set([...targets.map(formatTarget), ...touched]).size)
}

function dependantError(step: RevertStep, { target, file }: Dependant): PanalError {
  const what = `${labelOf(step.file)} on ${formatTarget(step.target)}`
  return new PanalError(
    'PANAL_MIGRATION_DEPENDANT',
    `${what} is required by ${labelOf(file)} on ${formatTarget(target)}, which is still applied.`,
  )
}
