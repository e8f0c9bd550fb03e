import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PanalError } from '../model/index.ts'
import { serverAccount } from './account.ts'
import type { EmbeddedServer, StoppedServer } from './embedded-server.ts'
import { explainFailure } from './explain-failure.ts'
import { findServer } from './find-server.ts'
import { type HomeLayout, homeLayout, temporaryPrefix } from './home-layout.ts'
import { clusterMajor } from './initialize-cluster.ts'
import { program } from './install-binaries.ts'
import { livingPostmaster } from './postmaster.ts'
import { runProgram } from './run-program.ts'
import { readState } from './server-state.ts'

/**
 * The embedded PostgreSQL of a home as it is; changes nothing.
 *
 * @param home as panalHome gives it
 * @throws PANAL_EMBEDDED_HOME the folder cannot be read
 * @throws PANAL_EMBEDDED_PASSWORD it runs, but does not take the password that the home keeps
 */
export async function embeddedStatus(home: string): Promise<EmbeddedServer | StoppedServer> {
  const layout = homeLayout(resolve(home))
  try {
    return (await findServer(layout)) ?? (await stoppedServer(layout))
  } catch (error) {
    throw await explainFailure(error, layout.home)
  }
}

/**
 * Stops the embedded PostgreSQL of a home and waits for its end; its clients are disconnected, what
 * they had not committed is rolled back. Takes no lock, so that it works on a full disk too.
 *
 * @param home as panalHome gives it
 * @returns `stopped`: whether there was something to stop
 * @throws PANAL_EMBEDDED_HOME the folder cannot be read
 * @throws PANAL_EMBEDDED_START it does not end in time, or its programs are gone
 */
export async function stopEmbedded(
  home: string,
  options: { /** Default 60,000. */ readonly timeoutMs?: number } = {},
): Promise<StoppedServer & { readonly stopped: boolean }> {
  const layout = homeLayout(resolve(home))
  try {
    const living = await livingPostmaster(layout.dataDir)
    if (living !== undefined) await stopPostmaster(layout, options.timeoutMs ?? 60_000)
    return { ...(await stoppedServer(layout)), stopped: living !== undefined }
  } catch (error) {
    throw await explainFailure(error, layout.home)
  }
}

async function stopPostmaster(layout: HomeLayout, timeoutMs: number): Promise<void> {
  // Of any version: it sends a signal and waits.
  const version = (await readdir(layout.binariesDir)).find((name) => !name.startsWith(temporaryPrefix))
  if (version === undefined) throw new PanalError('PANAL_EMBEDDED_START', `${layout.binariesDir} is empty`)
  const pgCtl = program(join(layout.binariesDir, version), 'pg_ctl')
  await runProgram(pgCtl, ['stop', '--silent', '--mode=fast', `--timeout=${Math.ceil(timeoutMs / 1000)}`], {
    account: await serverAccount(layout.home),
    env: { PGDATA: layout.dataDir },
  })
}

async function stoppedServer(layout: HomeLayout): Promise<StoppedServer> {
  const [state, major] = [await readState(layout), await clusterMajor(layout)]
  return {
    running: false,
    url: null,
    port: state?.port ?? null,
    dataDir: layout.dataDir,
    version: major === undefined ? null : String(major),
  }
}
