import type { ProgressListener } from '../context/index.ts'
import type { FleetPlan } from '../fleet/index.ts'
import { labelOf } from '../migrate/index.ts'

/** More names than these are counted. */
const NAMES_SHOWN = 3

/** Says what is about to happen, a line for each service: `bo-tech/shop   004_order_channel   1,000 targets in 1 database`. */
export function announcePlan(onProgress: ProgressListener, { waves }: FleetPlan): void {
  const planned = waves.flatMap((wave) => wave.planned)
  for (const [service, here] of Map.groupBy(planned, ({ target }) => `${target.system}/${target.service}`)) {
    const files = [
      ...new Set(here.flatMap(({ pending }) => [...pending.versioned, ...pending.repeatable].map(labelOf))),
    ]
    const more = files.length > NAMES_SHOWN ? ` and ${files.length - NAMES_SHOWN} more` : ''
    const databases = new Set(here.map(({ target }) => target.database)).size
    const where = `${count(here.length, 'target')} in ${count(databases, 'database')}`
    onProgress({
      kind: 'note',
      line: `${service}   ${files.slice(0, NAMES_SHOWN).join(', ')}${more}   ${where}`,
    })
  }
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
