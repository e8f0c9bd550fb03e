import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../model/index.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import type { HomeLayout } from './home-layout.ts'
import { livingPostmaster } from './postmaster.ts'
import { probeServer, superuserUrl } from './probe-server.ts'
import { readPassword } from './superuser-password.ts'

const pollMs = 50

/**
 * The server of a home that accepts connections now; undefined where there is none (yet). Nothing is
 * asked, and no password sent, unless a server of this home lives: its port may be a stranger's by now.
 *
 * @throws PANAL_EMBEDDED_PASSWORD it runs, but its password is not the one that the home keeps
 */
export async function findServer(layout: HomeLayout): Promise<EmbeddedServer | undefined> {
  const port = (await livingPostmaster(layout.dataDir))?.port
  if (port === undefined) return undefined
  const password = await readPassword(layout)
  const url = superuserUrl(port, password ?? '')
  const probe = await probeServer(url, layout.dataDir)
  switch (probe.found) {
    case 'ready':
      return { running: true, url, port, dataDir: layout.dataDir, version: probe.version, started: false }
    case 'other':
      return undefined
    case 'refused':
      throw new PanalError(
        'PANAL_EMBEDDED_PASSWORD',
        `the embedded PostgreSQL in ${layout.home} runs, but ` +
          `${layout.passwordFile} ${password === undefined ? 'is missing' : 'holds another password'}`,
      )
  }
}

/**
 * Waits for a server that lives but does not accept connections: somebody else has just started it,
 * it recovers after a crash, or it is stopping.
 *
 * @param deadline in milliseconds since the epoch
 * @returns undefined when no server lives
 * @throws PANAL_EMBEDDED_START it still lives at the deadline, without accepting connections
 */
export async function waitForServer(
  layout: HomeLayout,
  deadline: number,
): Promise<EmbeddedServer | undefined> {
  for (;;) {
    const server = await findServer(layout)
    if (server !== undefined) return server
    const postmaster = await livingPostmaster(layout.dataDir)
    if (postmaster === undefined) return undefined
    if (Date.now() > deadline) {
      throw new PanalError(
        'PANAL_EMBEDDED_START',
        `the embedded PostgreSQL in ${layout.home} runs as process ${postmaster.pid}, but accepts no connections`,
      )
    }
    await sleep(pollMs)
  }
}
