import { formatTarget, PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import {
  countRunTargets,
  findRun,
  listRunTargets,
  type RunRecord,
  type RunTarget,
  requireRegistry,
  type WaveCount,
} from '../state/index.ts'

/** A run with what became of its targets. */
export interface RunReport extends RunRecord {
  /** Empty where a run keeps no record of targets. */
  readonly waves: readonly WaveCount[]
  readonly targets: readonly (RunTarget & { readonly target: string })[]
}

/** Everything that is known of a run. @throws PANAL_NOT_PROVISIONED, PANAL_RUN_UNKNOWN */
export async function runReport(context: ControlContext, id: string): Promise<RunReport> {
  await using registry = await requireRegistry(context)
  const record = await findRun(registry, id)
  if (record === null) throw new PanalError('PANAL_RUN_UNKNOWN', `There is no run ${id}.`)
  const targets = await listRunTargets(registry, id)
  return {
    ...record,
    waves: await countRunTargets(registry, id),
    targets: targets.map((each) => ({ ...each, target: formatTarget(each) })),
  }
}
