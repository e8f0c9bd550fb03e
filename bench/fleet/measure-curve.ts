import { type BenchResult, median } from '../support/report.ts'
import { BenchFleetSystem } from './bench-fleet-system.ts'

/** Targets of each fleet. */
export const CURVE_SIZES = [100, 500, 1_000, 2_500, 5_000] as const
const ROUNDS = 5

/** How a report calls the two rates of a fleet; the plot finds them by that. */
export const curveNames = (targets: number) => ({
  whole: `a fleet of ${targets} small tenants`,
  apart: `a fleet of ${targets} small tenants, start-up apart`,
})

/**
 * Migrates fleets of several sizes, in turns, each in a database of its own. Their tenants are small (a
 * table each): the question is what a target costs as there are more of them. Start-up is what a call
 * takes that finds nothing to do in the smallest fleet; what it takes more in a larger one is the price
 * of having more targets.
 *
 * @returns two rates for each size, and how much the dearest target costs more than the cheapest, start-up apart
 */
export async function measureCurve(
  url: string,
  folder: string,
): Promise<{ readonly results: readonly BenchResult[]; readonly spread: number }> {
  const fleets: BenchFleetSystem[] = []
  for (const size of CURVE_SIZES) fleets.push(await cells(url, folder, `cells${size}`, size))
  const [smallest] = fleets
  if (smallest === undefined) throw new TypeError('a curve has sizes')
  const seconds = fleets.map((): number[] => [])
  const startUps: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const column = `in_round_${round}`
    for (const [index, fleet] of fleets.entries()) {
      await fleet.write([
        `ALTER TABLE notes ADD COLUMN ${column} integer`,
        `CREATE INDEX ON notes (${column})`,
      ])
      const spent = await secondsOf(fleet)
      if (round > 0) seconds[index]?.push(spent)
    }
    const startUp = await secondsOf(smallest)
    if (round > 0) startUps.push(startUp)
  }
  const startUp = median(startUps)
  const results = CURVE_SIZES.flatMap((targets, index) => {
    const names = curveNames(targets)
    const runs = seconds[index] ?? []
    return [
      rates(names.whole, targets, runs),
      rates(
        names.apart,
        targets,
        runs.map((run) => run - startUp),
      ),
    ]
  })
  const apart = results.filter((_, index) => index % 2 === 1).map(({ perSecond }) => perSecond)
  return { results, spread: Math.max(...apart) / Math.min(...apart) }
}

function rates(
  name: string,
  targets: number,
  seconds: readonly number[],
): BenchResult & { readonly perSecond: number } {
  return { name, perSecond: targets / median(seconds), runs: seconds.map((each) => targets / each) }
}

async function secondsOf(fleet: BenchFleetSystem): Promise<number> {
  const began = performance.now()
  await fleet.migrate()
  return (performance.now() - began) / 1_000
}

/** A system whose tenants are little but schemas. */
export async function cells(
  url: string,
  folder: string,
  name: string,
  tenants: number,
): Promise<BenchFleetSystem> {
  const schemaOf = (slug: string): string => `${name}_${slug}`
  return await BenchFleetSystem.create(url, folder, {
    definition: {
      name,
      services: {
        cell: { tenancy: { kind: 'schema', schema: schemaOf, login: (slug) => `of_${name}_${slug}` } },
      },
    },
    service: 'cell',
    schemaOf,
    migrations: { '001_notes.sql': 'CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n' },
    tenants,
  })
}
