import { type BenchResult, median } from '../support/report.ts'
import { BenchFleetSystem } from './bench-fleet-system.ts'

/** Targets of each fleet. */
export const CURVE_SIZES = [100, 250, 500, 1_000, 2_500, 5_000] as const
const ROUNDS = 5

/** How a report calls a fleet of the curve; the plot finds it by that. */
export const curveName = (targets: number): string => `panal, a fleet of ${targets} small tenants`

export interface CurvePoint {
  readonly targets: number
  /** The whole call, from the first connection on. */
  readonly msPerTarget: number
  /** Without what a call costs that finds nothing to do. */
  readonly msPerTargetMore: number
  /** Targets per second of the whole call. */
  readonly result: BenchResult
}

/**
 * Migrates fleets of several sizes, in turns, each in a database of its own. Their tenants are small (a
 * table each): the question is what a target costs as there are more of them.
 */
export async function measureCurve(url: string, folder: string): Promise<readonly CurvePoint[]> {
  const fleets: BenchFleetSystem[] = []
  for (const size of CURVE_SIZES) fleets.push(await cells(url, folder, `cells${size}`, size))
  const seconds = fleets.map((): number[] => [])
  const idle = fleets.map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    const column = `in_round_${round}`
    for (const [index, fleet] of fleets.entries()) {
      await fleet.write([
        `ALTER TABLE notes ADD COLUMN ${column} integer`,
        `CREATE INDEX ON notes (${column})`,
      ])
      const spent = await secondsOf(fleet)
      const spentOnNothing = await secondsOf(fleet)
      if (round === 0) continue
      seconds[index]?.push(spent)
      idle[index]?.push(spentOnNothing)
    }
  }
  return CURVE_SIZES.map((targets, index) => {
    const runs = seconds[index] ?? []
    const whole = median(runs)
    return {
      targets,
      msPerTarget: (whole * 1_000) / targets,
      msPerTargetMore: ((whole - median(idle[index] ?? [])) * 1_000) / targets,
      result: {
        name: curveName(targets),
        perSecond: targets / whole,
        runs: runs.map((each) => targets / each),
      },
    }
  })
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
