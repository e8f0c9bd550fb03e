import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { panal } from '../../test/cli-runner.ts'
import { type BenchReport, bar, median } from '../support/report.ts'
import { largestBackendMiB } from './backend-memory.ts'
import { cells } from './measure-curve.ts'

const TARGETS = 10_000
const ROUNDS = 7
const NAME = 'comb'

/** Whole processes of `panal migrate` over a fleet in which nothing is pending. */
export async function measureNoOp(
  url: string,
  folder: string,
): Promise<Pick<BenchReport, 'results' | 'bars'>> {
  await cells(url, folder, NAME, TARGETS)
  await writePlatform(folder)
  const seconds: number[] = []
  const peaksMiB: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now()
    const peakMiB = await migrateNothing(url, folder)
    if (round === 0) continue
    seconds.push((performance.now() - began) / 1_000)
    peaksMiB.push(peakMiB)
  }
  // Not while the clock runs: looking costs something.
  const backendMiB = await largestBackendMiB(NAME, () => migrateNothing(url, folder))
  return {
    results: [
      { name: `panal migrate, ${TARGETS} targets, nothing to do`, seconds: median(seconds), runs: seconds },
    ],
    bars: [
      bar('nothing to do: the whole process, seconds', median(seconds), { atMost: 1.5 }),
      bar('nothing to do: peak memory of Node, MiB', Math.max(...peaksMiB), { atMost: 300 }),
      ...(backendMiB === null
        ? []
        : [bar('nothing to do: largest backend, MiB', backendMiB, { atMost: 100 })]),
    ],
  }
}

/** The same system, as a person would have it in files. */
async function writePlatform(folder: string): Promise<void> {
  const system = `import { defineSystem } from 'panal'

export default defineSystem({
  name: '${NAME}',
  services: {
    cell: { tenancy: { kind: 'schema', schema: (slug) => \`${NAME}_\${slug}\`, login: (slug) => \`of_${NAME}_\${slug}\` } },
  },
})
`
  await writeFile(join(folder, NAME, 'system.ts'), system)
  const config = `import { defineConfig } from 'panal'

export default defineConfig({ systems: ['./${NAME}/system.ts'], databases: { default: { url: process.env.DATABASE_URL } } })
`
  await writeFile(join(folder, 'panal.config.ts'), config)
}

/** @returns the peak of the resident memory of its Node, in MiB */
async function migrateNothing(url: string, folder: string): Promise<number> {
  const peakFile = join(folder, 'peak')
  const { code, stdout, stderr } = await panal(['migrate', '--json'], {
    cwd: folder,
    node: ['--import', fileURLToPath(new URL('./report-peak-memory.ts', import.meta.url))],
    env: { DATABASE_URL: url, PANAL_HOME: join(folder, 'home'), PEAK_MEMORY_FILE: peakFile },
  })
  if (code !== 0) throw new Error(`panal migrate ended with ${code}: ${stderr}`)
  const result = JSON.parse(stdout)
  if (result.upToDate !== TARGETS || result.migrated !== 0) throw new Error(`it did something: ${stdout}`)
  return Number(await readFile(peakFile, 'utf8')) / 1_024
}
