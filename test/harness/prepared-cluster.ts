import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Binaries,
  binariesOf,
  findBinaries,
  homeLayout,
  initializeCluster,
  installBinaries,
  livingPostmaster,
  makeHome,
  processIdentity,
  serverAccount,
} from '../../src/embedded/index.ts'
import type { Major } from './server-kinds.ts'

export const superuserPassword = 'of-the-superuser'

/** A data directory that nobody starts: test servers are copies of it (0.1 s; initdb takes 0.5 s). */
export interface PreparedCluster {
  readonly dataDir: string
  /** Where bin/, lib/ and share/ of its version stand. */
  readonly installed: string
}

/**
 * Per user, outside of the clone: an unprivileged user may not be allowed into that. Outlives the
 * tests, so that the next ones begin faster.
 */
const cache = join(tmpdir(), `panal-test-${process.getuid?.() ?? 'user'}`)
export const clustersDir = join(cache, 'clusters')

/** The prepared data directory of a major version, made once per version and machine. */
export async function preparedCluster(major: Major): Promise<PreparedCluster> {
  const binaries = await binariesFor(major)
  for (const folder of [cache, clustersDir]) {
    await mkdir(folder, { recursive: true })
    await chmod(folder, 0o755)
  }
  const installed = await installBinaries(binaries, join(cache, 'binaries'))
  const layout = homeLayout(join(cache, `prepared-${binaries.version}`))
  await makeHome(layout)
  if (!(await readdir(layout.home)).includes('data')) {
    const account = await serverAccount(layout.home)
    await initializeCluster({ layout, installed, major, account, password: superuserPassword })
  }
  return { dataDir: layout.dataDir, installed }
}

/** A name in which the next test process can see whether this one still lives. */
export function clusterName(serial: number): string {
  return `${process.pid}.${serial}.${readableIdentity(process.pid)}`
}

/** Ends and removes the servers of test processes that died without doing so. */
export async function sweepClusters(): Promise<void> {
  for (const name of await readdir(clustersDir)) {
    const [pid, , identity] = name.split('.')
    if (readableIdentity(Number(pid)) === identity) continue
    const folder = join(clustersDir, name)
    const server = await livingPostmaster(homeLayout(folder).dataDir)
    if (server !== undefined) endNow(server.pid)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // Another test process that sweeps at the same time was faster.
  }
}

const readableIdentity = (pid: number): string => (processIdentity(pid) ?? 'none').replaceAll(/[^\w-]/g, '_')

async function binariesFor(major: Major): Promise<Binaries> {
  if (major === 18) return findBinaries()
  const name = `postgres-${major}-${process.platform}-${process.arch}`
  let path: string
  try {
    path = createRequire(new URL('../servers/package.json', import.meta.url)).resolve(name)
  } catch (error) {
    throw new Error(`No PostgreSQL ${major} for the tests (${name}): run npm ci in test/servers`, {
      cause: error,
    })
  }
  return binariesOf(await import(pathToFileURL(path).href))
}
