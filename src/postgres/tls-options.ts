import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { PanalError } from '../model/index.ts'
import type { ConnectionTarget } from './connection-target.ts'

/**
 * What `sslmode` means to Node's TLS, by libpq's rules: `require` encrypts without asking who answers
 * (but checks the authority when `sslrootcert` is given), `verify-ca` checks the authority,
 * `verify-full` the host's name too. `sslrootcert=system`, or none, means the authorities of Node.
 * @throws PANAL_TLS_REFUSED when a certificate or key file cannot be read
 */
export function tlsOptions(target: ConnectionTarget): ConnectionOptions {
  const { sslrootcert, sslcert, sslkey } = target.parameters
  const authority = sslrootcert === undefined || sslrootcert === 'system' ? undefined : sslrootcert
  const verifies =
    target.sslMode.startsWith('verify') || (target.sslMode === 'require' && sslrootcert !== undefined)
  return {
    rejectUnauthorized: verifies,
    ...(target.sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(authority === undefined ? {} : { ca: readPem('sslrootcert', authority) }),
    ...(sslcert === undefined ? {} : { cert: readPem('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: readPem('sslkey', sslkey) }),
  }
}

function readPem(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PanalError('PANAL_TLS_REFUSED', `The file of ${parameter} cannot be read: ${reason}.`, {
      remedy: `Correct ${parameter} in the connection URL.`,
      cause,
    })
  }
}
