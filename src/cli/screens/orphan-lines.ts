import type { Plan } from '../../control/provision/index.ts'

/** What left the model, a line each. */
export function orphanLines(orphans: Plan['orphans']): string[] {
  return orphans.map(({ kind, name, system, database }) => {
    const where = database === undefined ? '' : ` in ${database}`
    return `orphan: ${kind} ${name}${where} is no longer in system ${system}`
  })
}
