import { realpath } from 'node:fs/promises'
import { PanalError } from '../model/index.ts'
import { openConnection, sql } from '../postgres/index.ts'
import { superuser } from './initialize-cluster.ts'

/**
 * What stands at a port:
 * - `ready`: the server of the data directory, of the given version;
 * - `refused`: a server that wants another password;
 * - `other`: something else, or nothing (yet) that accepts connections.
 */
export type Probe =
  | { readonly found: 'ready'; readonly version: string }
  | { readonly found: 'refused' | 'other' }

const connectTimeoutMs = 5_000

/**
 * Asks the server itself which data directory it serves: after a kill, postmaster.pid may still say
 * "ready", and its port may be somebody else's.
 */
export async function probeServer(url: string, dataDir: string): Promise<Probe> {
  try {
    const connection = await openConnection(url, { applicationName: 'panal embedded', connectTimeoutMs })
    try {
      const [row] = await connection.query(
        sql /* SQL */`select current_setting('data_directory') as directory, current_setting('server_version') as version`,
      )
      const served = await realpath(String(row?.directory)).catch(() => undefined)
      if (served !== (await realpath(dataDir))) return { found: 'other' }
      return { found: 'ready', version: String(row?.version) }
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (!(error instanceof PanalError)) throw error
    return { found: error.code === 'PANAL_AUTHENTICATION_FAILED' ? 'refused' : 'other' }
  }
}

/** @param port on 127.0.0.1 */
export function superuserUrl(port: number, password: string): string {
  return `postgresql://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
}
