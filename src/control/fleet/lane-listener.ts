import { lostError } from './fleet-tally.ts'
import type { LaneListener } from './lane-options.ts'
import type { StageContext } from './stage-context.ts'

/** Tells the run's tally what the lanes of a database meet. @param isBroken whether another database has ended the run */
export function laneListener(context: StageContext, isBroken: () => boolean): LaneListener {
  const { tally, beforeTarget, maxReplicaLagMs, signal } = context
  return {
    begin: async ({ target }) => await beforeTarget?.(target),
    applied: (_, outcome) => tally.applied(outcome),
    done: ({ target, unmet }) => {
      if (unmet !== null && tally.isOpen(target)) tally.fail(target, unmet.file, unmet.error)
    },
    failed: ({ target, tasks: [task] }, error) => {
      if (task === undefined) throw error
      tally.fail(target, task.file, error)
    },
    lost: ({ target }) => tally.skip(target, lostError(target)),
    waits: ({ target }) => tally.waits(target),
    look: (connection) => tally.judgeReplicas(connection, maxReplicaLagMs),
    stopping: () => signal.aborted || tally.stopped !== null || isBroken(),
  }
}
