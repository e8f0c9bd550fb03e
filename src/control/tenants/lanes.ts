import type { Target } from '../../model/index.ts'
import type { ProgressListener } from '../context/index.ts'

/**
 * Connections that work at the same time. Making a tenant's tables is work of the server's processors. Measured
 * on 2 busy ones with the 68 relations of a bo-tech tenant: 1 lane 14 to 16 tenants/s, 2 lanes 20, 4 lanes 22 to
 * 24, 8 lanes 22.
 */
const LANES = 4

/** Below this many targets, opening one more connection costs more than it brings. */
const TARGETS_PER_LANE = 4

/** Splits targets among lanes; a tenant's targets stay together, since one may require another. */
export function lanesOf(targets: readonly Target[]): readonly (readonly Target[])[] {
  const tenants = [...Map.groupBy(targets, (target) => target.tenant).values()]
  const count = Math.min(LANES, Math.ceil(tenants.length / TARGETS_PER_LANE))
  return Array.from({ length: count }, (_, lane) =>
    tenants.filter((_, index) => index % count === lane).flat(),
  )
}

/** One bar for lanes that each count for themselves: their sums, and their failures as they come. */
export function mergeProgress(
  onProgress: ProgressListener,
  label: string,
  total: number,
  lanes: number,
): readonly ProgressListener[] {
  const counts = Array.from({ length: lanes }, () => ({ done: 0, failed: 0 }))
  const sum = (key: 'done' | 'failed') => counts.reduce((all, count) => all + count[key], 0)
  onProgress({ kind: 'begin', label, total })
  return counts.map(
    (count): ProgressListener =>
      (event) => {
        if (event.kind === 'begin' || event.kind === 'end') return
        if (event.kind !== 'advance') return onProgress(event)
        count.done = event.done
        count.failed = event.failed
        onProgress({ kind: 'advance', done: sum('done'), failed: sum('failed') })
      },
  )
}
