import type { ControlContext } from '../context/index.ts'
import {
  type FleetOptions,
  type FleetResult,
  formatShare,
  migrateFleet,
  RunRecorder,
} from '../fleet/index.ts'
import { announcePlan } from './announce-plan.ts'
import { type FleetWork, fleetWork, type WorkChoice } from './fleet-work.ts'
import { recordedRun } from './recorded-run.ts'

export interface MigratePlatformOptions
  extends WorkChoice,
    Pick<
      FleetOptions,
      'concurrency' | 'batch' | 'bakeMs' | 'maxFailures' | 'maxLockWaits' | 'maxReplicaLagMs' | 'beforeTarget'
    > {
  /** The longest wait of one statement for one lock, in milliseconds. Default: 5,000. */
  readonly lockTimeoutMs?: number
}

/**
 * Applies what is pending to every chosen target, in waves where asked, and records what became of
 * each. A failing target does not stop the others.
 *
 * @throws PANAL_NOT_PROVISIONED, PANAL_RUN_UNKNOWN, PANAL_RUN_NOT_RESUMABLE, and what `migrateFleet`
 *   throws before anything is applied
 */
export async function migratePlatform(
  context: ControlContext,
  options: MigratePlatformOptions = {},
): Promise<FleetResult> {
  const work = await fleetWork(context, options)
  const { concurrency, batch, bakeMs, maxFailures, maxLockWaits, maxReplicaLagMs, beforeTarget } = options
  const given = { concurrency, batch, bakeMs, maxFailures, maxLockWaits, maxReplicaLagMs, beforeTarget }
  const settings: Partial<FleetOptions> = withoutUndefined(given)
  const { lockTimeoutMs } = options
  const limits = lockTimeoutMs === undefined ? {} : { lockTimeoutMs }
  return await recordedRun(context, 'migrate', recordedOptions(options, work), async (id, run) => {
    const recorder = new RunRecorder(run)
    const result = await migrateFleet(context, {
      ...work,
      ...settings,
      limits,
      run: id,
      recorder,
      onPlan: (plan) => announcePlan(context.onProgress, plan),
    })
    const { failed, interrupted, stopped, skipped } = result
    const { targets, migrated, upToDate, left, files, waves } = result
    return {
      result,
      failed: failed.length > 0 || stopped !== null || skipped.length > 0,
      interrupted,
      // Its failures stand with its targets.
      summary: { targets, migrated, upToDate, left, files, failed: failed.length, skipped, stopped, waves },
    }
  })
}

/** What a later `--resume` needs, and a person wants to see. */
function recordedOptions(
  options: MigratePlatformOptions,
  { to, outOfOrder }: FleetWork,
): Record<string, unknown> {
  const { selection, waves, resume, retryFailed, maxFailures, maxLockWaits, beforeTarget, ...others } =
    options
  return withoutUndefined({
    ...others,
    ...selection,
    to,
    outOfOrder,
    waves: waves?.map(formatShare),
    maxFailures: maxFailures && formatShare(maxFailures),
    maxLockWaits: maxLockWaits && formatShare(maxLockWaits),
    resume,
    retryFailed,
  })
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}
