/**
 * npm run bench -- NAME [--json]
 * Runs a benchmark, prints machine, configuration, every contender and the bars. Exit 1 when a bar is missed.
 */
import { registerPanal } from '../src/cli/config/register-panal.ts'
import { type BenchReport, formatReport } from './support/report.ts'

const benches: Readonly<Record<string, () => Promise<() => Promise<BenchReport>>>> = {
  cli: async () => (await import('./cli/bench-cli.ts')).benchCli,
  drift: async () => (await import('./drift/bench-drift.ts')).benchDrift,
  fleet: async () => (await import('./fleet/bench-fleet.ts')).benchFleet,
  provision: async () => (await import('./provision/bench-provision.ts')).benchProvision,
}

const names = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const load = benches[names[0] ?? '']
if (load === undefined || names.length !== 1) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--json]\n`)
  process.exit(2)
}
// Systems import 'panal'; a clone has no build for that to lead to.
registerPanal(new URL('../systems/bo-tech/system.ts', import.meta.url).href)
const bench = await load()
const report = await bench()
const json = process.argv.includes('--json')
process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
process.exitCode = report.bars.every(({ ok }) => ok) ? 0 : 1
