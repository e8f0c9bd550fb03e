import type { Selection } from '../../control/index.ts'
import type { GlobalOptions } from '../framework/index.ts'

/** What `--system`, `--service` and `--tenant` choose; nothing given: everything. */
export function selectionOf({ system, service, tenant }: GlobalOptions): Selection {
  return {
    ...(system.length === 0 ? {} : { systems: system }),
    ...(service === undefined ? {} : { service }),
    ...(tenant === undefined ? {} : { tenant }),
  }
}

/** The same choice as options of a command line, to be copied: ` --system acc-lms`. */
export function selectionFlags({ system, service, tenant }: GlobalOptions): string {
  const flags = system.map((name) => ` --system ${name}`)
  if (service !== undefined) flags.push(` --service ${service}`)
  if (tenant !== undefined) flags.push(` --tenant ${tenant}`)
  return flags.join('')
}
