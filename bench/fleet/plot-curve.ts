/**
 * node bench/run.ts fleet --json > report.json
 * node bench/fleet/plot-curve.ts report.json docs/internals/fleet-speed.svg
 * Draws what a target costs in fleets of several sizes, from a report of the benchmark.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { BenchReport } from '../support/report.ts'
import { curveSvg } from './curve-svg.ts'
import { CURVE_SIZES, curveName } from './measure-curve.ts'

const [source, picture] = process.argv.slice(2)
if (source === undefined || picture === undefined) {
  process.stderr.write('usage: node bench/fleet/plot-curve.ts REPORT.json PICTURE.svg\n')
  process.exit(2)
}
const { results }: BenchReport = JSON.parse(readFileSync(source, 'utf8'))
const points = CURVE_SIZES.map((targets) => {
  const result = results.find(({ name }) => name === curveName(targets))
  if (result?.perSecond === undefined) throw new Error(`${source} has no fleet of ${targets}`)
  return { targets, msPerTarget: 1_000 / result.perSecond }
})
writeFileSync(picture, curveSvg(points))
