import type { PlannedTarget } from '../migrate/index.ts'
import { formatShare, type Share, shareOf } from './share.ts'

/** Targets that are migrated before any target of the next wave is begun. */
export interface Wave {
  /** From 1. */
  readonly number: number
  /** As it was asked for: `5%`. */
  readonly label: string
  readonly planned: readonly PlannedTarget[]
}

const WHOLE: Share = { percent: 100 }

/**
 * Deals targets out to waves. Shares are cumulative and count tenants, all of whose targets go
 * together; services without tenants go first, with the first wave, since tenants may require them.
 * Where there are no tenants at all, shares count targets. The last wave takes what is left. Waves
 * that would be empty are left out. Pure.
 */
export function planWaves(planned: readonly PlannedTarget[], shares: readonly Share[]): readonly Wave[] {
  const hasTenants = planned.some(({ target }) => target.tenant !== null)
  const isFirst = ({ target }: PlannedTarget): boolean => hasTenants && target.tenant === null
  const first = planned.filter(isFirst)
  const units = [
    ...Map.groupBy(
      planned.filter((each) => !isFirst(each)),
      ({ target }) => `${target.system}/${target.tenant ?? target.service}`,
    ).values(),
  ]
  const all = [...shares.filter((share) => shareOf(share, units.length) < units.length), WHOLE]
  let taken = 0
  const waves = all.map((share, index) => {
    const end = Math.max(taken, Math.min(units.length, shareOf(share, units.length)))
    const here = units.slice(taken, end).flat()
    taken = end
    return { label: formatShare(share), planned: index === 0 ? [...first, ...here] : here }
  })
  return waves
    .filter((wave) => wave.planned.length > 0)
    .map((wave, index) => ({ ...wave, number: index + 1 }))
}
