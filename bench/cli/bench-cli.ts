import { execFile } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type InstalledPackage, installPackage } from '../../test/harness/installed-package.ts'
import { temporaryFolder } from '../../test/harness/temporary-folder.ts'
import { machine } from '../support/machine.ts'
import { type BenchReport, type BenchResult, bar, median } from '../support/report.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const run = promisify(execFile)
const TENANTS = 100
const START_ROUNDS = 3

/** Whole processes of the installed package: what a person waits for at the prompt. */
export async function benchCli(): Promise<BenchReport> {
  await using folder = await temporaryFolder()
  const shipped = await installPackage(folder.path)
  const help = await measure('panal --help', 20, () => panal(shipped, ['--help'], shipped.app, 'none'))
  const bare = await measure('node -e 0', 20, () => run(process.execPath, ['-e', '0']))
  const { first, second } = await measureStarts(shipped, folder.path)
  const status = await measureStatus(shipped, folder.path)
  return {
    bench: 'cli',
    config: { ...machine(), tenants: TENANTS, helpRounds: 20, startRounds: START_ROUNDS },
    results: [bare, help, status, first, second],
    bars: [
      bar('panal --help, median seconds', help.seconds!, { atMost: 0.2 }),
      bar(`status --json of ${TENANTS} tenants, seconds`, status.seconds!, { atMost: 1 }),
      bar('first demo, seconds', first.seconds!, { atMost: 30 }),
      bar('second demo, seconds', second.seconds!, { atMost: 4 }),
    ],
  }
}

async function panal(
  shipped: InstalledPackage,
  words: readonly string[],
  cwd: string,
  home: string,
): Promise<void> {
  const { DATABASE_URL: _, ...inherited } = process.env
  const env = { ...inherited, PANAL_HOME: join(dirname(shipped.app), home) }
  await run(process.execPath, [shipped.path('bin/panal.js'), ...words], { cwd, env, maxBuffer: 2 ** 26 })
}

async function measure(name: string, rounds: number, work: () => Promise<unknown>): Promise<BenchResult> {
  const runs: number[] = []
  for (let round = 0; round < rounds; round++) runs.push(await secondsOf(work))
  return { name, seconds: median(runs), runs }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1_000
}

/** What `npm start` does, without npm itself: from nothing, and with everything there. */
async function measureStarts(
  shipped: InstalledPackage,
  folder: string,
): Promise<{ readonly first: BenchResult; readonly second: BenchResult }> {
  const firsts: number[] = []
  const seconds: number[] = []
  for (let round = 0; round < START_ROUNDS; round++) {
    const cwd = join(folder, `demo-${round}`)
    const home = `home-${round}`
    await mkdir(cwd)
    try {
      firsts.push(await secondsOf(() => panal(shipped, ['demo', '--json', '--quiet'], cwd, home)))
      seconds.push(await secondsOf(() => panal(shipped, ['demo', '--json', '--quiet'], cwd, home)))
    } finally {
      await panal(shipped, ['db', 'stop'], cwd, home)
    }
  }
  return {
    first: { name: 'first demo', seconds: median(firsts), runs: firsts },
    second: { name: 'second demo', seconds: median(seconds), runs: seconds },
  }
}

async function measureStatus(shipped: InstalledPackage, folder: string): Promise<BenchResult> {
  const cwd = join(folder, 'status')
  await cp(join(root, 'systems/bo-tech'), join(cwd, 'systems/bo-tech'), { recursive: true })
  await cp(join(root, 'panal.config.ts'), join(cwd, 'panal.config.ts'))
  const command = (...words: string[]): Promise<void> => panal(shipped, words, cwd, 'home-status')
  try {
    await command('apply', '--yes')
    await command('tenant', 'create', '--system', 'bo-tech', '--count', `${TENANTS}`, '--prefix', 't')
    return await measure('panal status --json', 10, () => command('status', '--json'))
  } finally {
    await command('db', 'stop')
  }
}
