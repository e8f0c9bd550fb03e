import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PanalError } from '../model/index.ts'
import { serverAccount } from './account.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import { explainFailure } from './explain-failure.ts'
import { type Binaries, findBinaries } from './find-binaries.ts'
import { findServer, waitForServer } from './find-server.ts'
import { type HomeLayout, homeLayout } from './home-layout.ts'
import { withHomeLock } from './home-lock.ts'
import { clusterMajor, initializeCluster } from './initialize-cluster.ts'
import { installBinaries } from './install-binaries.ts'
import { makeHome, sweepLeftovers } from './prepare-home.ts'
import { readState, writeState } from './server-state.ts'
import { startPostmaster } from './start-postmaster.ts'
import { ensurePassword } from './superuser-password.ts'

export interface StartOptions {
  /** How long the start may take, recovery after a crash and waiting for another starter included. Default 120,000. */
  readonly timeoutMs?: number
  /** Told of steps that take longer than a moment, in words for a person. */
  readonly onStep?: (step: string) => void
}

/**
 * The embedded PostgreSQL of a home, started if it does not run, made if there is none. It is left
 * running. Processes that call this at once share one server.
 *
 * Durability settings and max_connections (100) stay PostgreSQL's defaults; it listens on 127.0.0.1
 * only, at a port that stays the same from start to start unless something else took it meanwhile.
 *
 * @param home as panalHome gives it
 * @throws PANAL_DISK_FULL the disk of the home is full; a later call, with space, succeeds
 * @throws PANAL_EMBEDDED_HOME the folder cannot be written, reached or used
 * @throws PANAL_EMBEDDED_VERSION its data directory belongs to another major version
 * @throws PANAL_EMBEDDED_PLATFORM there are no binaries for this machine
 * @throws PANAL_EMBEDDED_PASSWORD the server does not take the password that the home keeps
 * @throws PANAL_EMBEDDED_BUSY another process is starting it, and does not come to an end
 * @throws PANAL_EMBEDDED_START the server ends by itself; the error carries the end of its log
 */
export async function startEmbedded(home: string, options: StartOptions = {}): Promise<EmbeddedServer> {
  const layout = homeLayout(resolve(home))
  const timeoutMs = options.timeoutMs ?? 120_000
  const deadline = Date.now() + timeoutMs
  try {
    // The usual case, without a lock and without a process: about 20 ms.
    const running = await findServer(layout)
    if (running !== undefined) return running
    await makeHome(layout)
    return await withHomeLock(layout.home, timeoutMs, () => startLocked(layout, deadline, options))
  } catch (error) {
    throw await explainFailure(error, layout.home)
  }
}

async function startLocked(
  layout: HomeLayout,
  deadline: number,
  options: StartOptions,
): Promise<EmbeddedServer> {
  const present = await waitForServer(layout, deadline)
  if (present !== undefined) return present
  await sweepLeftovers(layout)
  const binaries = await findBinaries()
  const major = await clusterMajor(layout)
  if (major !== undefined && major !== binaries.major) throw otherVersion(layout, major, binaries.major)
  const account = await serverAccount(layout.home)
  if (major === undefined)
    options.onStep?.(`Making an embedded PostgreSQL ${binaries.major} in ${layout.home}`)
  const installed = await installBinaries(binaries, layout.binariesDir)
  if (major === undefined) {
    const password = await ensurePassword(layout)
    await initializeCluster({ layout, installed, major: binaries.major, account, password })
  }
  options.onStep?.('Starting the embedded PostgreSQL')
  await startPostmaster({ layout, installed, account, deadline })
  const server = await waitForServer(layout, deadline)
  if (server === undefined) {
    throw new PanalError(
      'PANAL_EMBEDDED_START',
      `the embedded PostgreSQL in ${layout.home} started and ended at once`,
    )
  }
  if ((await readState(layout))?.port !== server.port) await writeState(layout, { port: server.port })
  await removeOtherBinaries(layout, binaries)
  return { ...server, started: true }
}

function otherVersion(layout: HomeLayout, found: number, carried: number): PanalError {
  return new PanalError(
    'PANAL_EMBEDDED_VERSION',
    `the data directory ${layout.dataDir} belongs to PostgreSQL ${found}; this Panal carries PostgreSQL ${carried}, which cannot read it`,
    {
      remedy:
        `Use the version of Panal that made it, or convert it with pg_upgrade; ` +
        `or move ${layout.dataDir} away to begin with an empty server.`,
    },
  )
}

/** Of versions that served before: no server of this home runs from them any more. */
async function removeOtherBinaries(layout: HomeLayout, current: Binaries): Promise<void> {
  for (const version of await readdir(layout.binariesDir)) {
    if (version !== current.version)
      await rm(join(layout.binariesDir, version), { recursive: true, force: true })
  }
}
