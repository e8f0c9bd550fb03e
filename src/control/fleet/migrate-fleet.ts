import { setTimeout as sleep } from 'node:timers/promises'
import { formatTarget } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { FleetState, recordFiles, stagesOf } from '../migrate/index.ts'
import { editedSince } from './edited-since.ts'
import { FleetDatabases } from './fleet-databases.ts'
import type { FleetOptions } from './fleet-options.ts'
import type { FleetResult } from './fleet-result.ts'
import { FleetTally } from './fleet-tally.ts'
import { type FleetPlan, planFleet } from './plan-fleet.ts'
import { runStage } from './run-stage.ts'
import type { StageContext } from './stage-context.ts'

const DEFAULT_REPLICA_LAG_MS = 30_000

/**
 * Applies what is pending to a fleet: versioned files of all services in the order of their
 * `requires`, then repeatable ones whose text changed.
 *
 *     wave ──▶ gate (failures, lock waits, replicas, edited files) ──▶ bake ──▶ next wave
 *       └ stage: files of one service that `requires` lets go together
 *           └ database: lanes of connections, several targets to a transaction
 *
 * A target on which a file fails keeps the files before it, skips those after it and does not stop
 * the others. The context's signal ends the run after the messages in flight. Several runs share a
 * fleet: each target has a lock, and the ledger's row commits with the file.
 *
 * @throws PANAL_MIGRATION_EDITED, PANAL_MIGRATION_MISSING, PANAL_MIGRATION_BELOW_HEAD,
 *   PANAL_MIGRATION_VERSION_UNKNOWN before anything is applied anywhere
 * @throws PANAL_DATABASE_UNREACHABLE and its like when a server stays away for longer than the
 *   deadline; what was finished stands in the ledger, and the next call goes on from there
 */
export async function migrateFleet(
  context: Pick<ControlContext, 'databases' | 'onProgress' | 'signal'>,
  options: FleetOptions,
): Promise<FleetResult> {
  const began = performance.now()
  const { targets, known = targets, run = null } = options
  await using state = await FleetState.open(context, [...known, ...targets])
  const plan = await planFleet(state, options)
  const numbers = await recordFiles(state, plan.chosen)
  await options.recorder?.plan(plan.waves)
  await using databases = new FleetDatabases(context, state, options)
  const tally = new FleetTally(state, options, context.onProgress)
  const lagDefault = plan.waves.length > 1 ? DEFAULT_REPLICA_LAG_MS : 0
  const stage: StageContext = {
    state,
    databases,
    tally,
    known,
    run,
    numbers,
    maxReplicaLagMs: options.maxReplicaLagMs ?? lagDefault,
    beforeTarget: options.beforeTarget,
    signal: context.signal,
    held: new Map(),
  }
  options.onPlan?.(plan)
  try {
    await runWaves(context, options, plan, stage)
  } finally {
    await options.recorder?.finish().catch(() => undefined)
  }
  const seconds = (performance.now() - began) / 1_000
  return tally.result(run, plan.chosen, seconds, context.signal.aborted)
}

async function runWaves(
  { onProgress, signal }: Pick<ControlContext, 'onProgress' | 'signal'>,
  options: FleetOptions,
  plan: FleetPlan,
  stage: StageContext,
): Promise<void> {
  const { tally, held } = stage
  const last = plan.waves.at(-1)
  for (const wave of plan.waves) {
    if (signal.aborted || tally.stopped !== null) return
    tally.beginWave(wave, last === plan.waves[0] ? 'migrate' : `wave ${wave.number} of ${last?.number}`)
    const isLast = wave === last
    const late = isLast ? plan.chosen.filter(({ target }) => held.has(formatTarget(target))) : []
    for (const parts of stagesOf(options.migrations, [...wave.planned, ...late])) {
      if (signal.aborted || tally.stopped !== null) break
      await runStage(stage, parts, isLast)
    }
    tally.endWave()
    if (isLast || signal.aborted || tally.stopped !== null) return
    await gate(stage, options, plan)
    if (tally.stopped === null && (options.bakeMs ?? 0) > 0) {
      onProgress({
        kind: 'note',
        line: `wave ${wave.number} is done; the next begins in ${(options.bakeMs ?? 0) / 1_000} s`,
      })
      await sleep(options.bakeMs, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await gate(stage, options, plan)
    }
  }
}

/** Whether the next wave may begin. */
async function gate(
  { tally, maxReplicaLagMs, state }: StageContext,
  { migrations, maxFailures }: FleetOptions,
  plan: FleetPlan,
): Promise<void> {
  if (maxFailures === undefined && tally.hasFailures) {
    tally.stop({ reason: 'failures', message: 'No wave begins after one with failures.' })
  }
  const edited = editedSince(migrations, plan.files)
  if (edited !== null) tally.stop(edited)
  for (const connection of state.connections.values()) {
    await tally.judgeReplicas(connection, maxReplicaLagMs)
  }
}
