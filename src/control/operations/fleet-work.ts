import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { AssignedWave, FleetScope, Share } from '../fleet/index.ts'
import { ensureRegistry, findRun, listRunTargets, type RunTarget, requireRegistry } from '../state/index.ts'
import { provisionedPlatform } from './provisioned-platform.ts'

/** Which targets, and how far: by choosing, or by going on with a run. */
export interface WorkChoice {
  readonly selection?: Selection
  /** The last version to apply. Default: all. */
  readonly to?: string
  /** Applies versions below the head too. Default: false. */
  readonly outOfOrder?: boolean
  /** Cumulative shares of the tenants. Default: one wave. */
  readonly waves?: readonly Share[]
  /** The id of a run to go on with: what it left and what failed in it, in its waves. */
  readonly resume?: string
  /** The id of a run whose failed targets are to be tried again. */
  readonly retryFailed?: string
}

export type FleetWork = FleetScope

/**
 * The targets that a migration is about.
 *
 * @throws PANAL_NOT_PROVISIONED; PANAL_RUN_UNKNOWN, PANAL_RUN_NOT_RESUMABLE when a run is gone on with
 */
export async function fleetWork(context: ControlContext, choice: WorkChoice): Promise<FleetWork> {
  const { selection = {}, resume, retryFailed, to, outOfOrder = false, waves = [] } = choice
  await using registry = await requireRegistry(context)
  // The registry of an older Panal has no place for the targets of runs yet.
  await ensureRegistry(registry)
  const before = resume ?? retryFailed
  if (before === undefined) {
    const platform = await provisionedPlatform(context, selection)
    return { ...platform, outOfOrder, waves, ...(to === undefined ? {} : { to }) }
  }
  const earlier = await earlierRun(registry, before, resume !== undefined)
  const systems = [...new Set(earlier.targets.map(({ system }) => system))]
  const { migrations, known } = await provisionedPlatform(context, { systems })
  const targets = presentTargets(context, earlier.targets, known)
  return {
    migrations,
    known,
    targets,
    outOfOrder: earlier.outOfOrder,
    ...(earlier.to === undefined ? {} : { to: earlier.to }),
    // Who tries failed ones again wants to see them all at once.
    ...(resume === undefined ? {} : { assigned: wavesOf(earlier.targets) }),
  }
}

interface EarlierRun {
  readonly targets: readonly RunTarget[]
  readonly to: string | undefined
  readonly outOfOrder: boolean
}

async function earlierRun(registry: Connection, id: string, withPending: boolean): Promise<EarlierRun> {
  const run = await findRun(registry, id)
  if (run === null) throw new PanalError('PANAL_RUN_UNKNOWN', `There is no run ${id}.`)
  if (run.kind !== 'migrate') throw notResumable(`Run ${id} was ${run.kind}, not migrate.`)
  if (run.status === 'running') throw notResumable(`Run ${id} is still running.`)
  const all = await listRunTargets(registry, id)
  const targets = all.filter(({ status }) => status === 'failed' || (withPending && status === 'pending'))
  if (targets.length === 0) {
    throw notResumable(withPending ? `Run ${id} left nothing to do.` : `Nothing failed in run ${id}.`)
  }
  const { to, outOfOrder } = run.options
  return {
    targets,
    to: typeof to === 'string' ? to : undefined,
    outOfOrder: outOfOrder === true,
  }
}

/** The targets that still exist, as the platform knows them now; the others are named. */
function presentTargets(
  { onProgress }: Pick<ControlContext, 'onProgress'>,
  wanted: readonly RunTarget[],
  known: readonly Target[],
): readonly Target[] {
  const byName = new Map(known.map((target) => [formatTarget(target), target]))
  return wanted.flatMap((each) => {
    const name = formatTarget(each)
    const target = byName.get(name)
    if (target === undefined)
      onProgress({ kind: 'note', line: `skipped ${name}: it does not exist any more` })
    return target ?? []
  })
}

function wavesOf(targets: readonly RunTarget[]): ReadonlyMap<string, AssignedWave> {
  return new Map(targets.map((each) => [formatTarget(each), { number: each.wave, label: '' }]))
}

const notResumable = (message: string): PanalError => new PanalError('PANAL_RUN_NOT_RESUMABLE', message)
