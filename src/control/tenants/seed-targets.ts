import { formatTarget, PanalError, type System, type Target } from '../../model/index.ts'
import { sqlStateOf } from '../../postgres/index.ts'
import type { ControlContext, ProgressListener } from '../context/index.ts'
import type { FailedTarget } from '../migrate/index.ts'
import { runSeeds } from '../seeds/index.ts'
import { lanesOf, mergeProgress } from './lanes.ts'
import { settleAll } from './settle-all.ts'

/** A target on which a seed failed. */
export type FailedSeed = Omit<FailedTarget, 'migration'>

/** Seeds targets, several at a time. A failure ends the seeds of its target and of no other. */
export async function seedTargets(
  context: Pick<ControlContext, 'databases' | 'onProgress' | 'signal'>,
  system: System,
  targets: readonly Target[],
): Promise<readonly FailedSeed[]> {
  const lanes = lanesOf(targets)
  const listeners = mergeProgress(context.onProgress, 'seed', targets.length, lanes.length)
  const failed = await settleAll(
    lanes.map((lane, index) => seedLane(context, system, lane, listeners[index]!)),
  )
  context.onProgress({ kind: 'end' })
  return failed.flat()
}

async function seedLane(
  { databases, signal }: Pick<ControlContext, 'databases' | 'signal'>,
  system: System,
  targets: readonly Target[],
  onProgress: ProgressListener,
): Promise<readonly FailedSeed[]> {
  const failed: FailedSeed[] = []
  let done = 0
  for (const [database, here] of Map.groupBy(targets, (target) => target.database)) {
    await using connection = await databases.open(database)
    for (const target of here) {
      if (signal.aborted) return failed
      try {
        await runSeeds(connection, system, target, { signal })
      } catch (error) {
        if (signal.aborted) return failed
        const failure = failedSeed(target, error)
        failed.push(failure)
        onProgress({ kind: 'failure', line: `${failure.target}  ${failure.code}  ${failure.message}` })
      }
      done += 1
      onProgress({ kind: 'advance', done, failed: failed.length })
    }
  }
  return failed
}

/** @throws the error when it is no PanalError, or when the connection is gone: that concerns all targets */
function failedSeed(target: Target, error: unknown): FailedSeed {
  if (!(error instanceof PanalError) || error.code === 'PANAL_CONNECTION_LOST') throw error
  const sqlState = sqlStateOf(error)
  return {
    target: formatTarget(target),
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.details.length === 0 ? {} : { details: error.details }),
    ...(sqlState === undefined ? {} : { sqlState }),
  }
}
