/**
 * node bench/run.ts fleet --json > report.json
 * node bench/fleet/plot-curve.ts report.json docs/internals/fleet-speed.svg
 * Draws what a target costs in fleets of several sizes, from a report of the benchmark.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { BenchReport } from '../support/report.ts'
import { curveSvg } from './curve-svg.ts'
import { CURVE_SIZES, curveNames } from './measure-curve.ts'

const [source, picture] = process.argv.slice(2)
if (source === undefined || picture === undefined) {
  process.stderr.write('usage: node bench/fleet/plot-curve.ts REPORT.json PICTURE.svg\n')
  process.exit(2)
}
const { results }: BenchReport = JSON.parse(readFileSync(source, 'utf8'))

const msPerTarget = (wanted: string): number => {
  const result = results.find(({ name }) => name === wanted)
  if (result?.perSecond === undefined) throw new Error(`${source} has no rate of ${wanted}`)
  return 1_000 / result.perSecond
}
const curveOf = (kind: 'whole' | 'apart', label: string) => ({
  label,
  points: CURVE_SIZES.map((targets) => ({ targets, ms: msPerTarget(curveNames(targets)[kind]) })),
})
writeFileSync(picture, curveSvg([curveOf('whole', 'the whole call'), curveOf('apart', 'start-up apart')]))
