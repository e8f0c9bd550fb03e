import { userInfo } from 'node:os'
import { PanalError } from '../model/index.ts'
import { type ConnectionUrl, parseConnectionUrl, type SslMode } from './parse-connection-url.ts'

/** Where a URL leads once psql's defaults have filled what it leaves out. */
export interface ConnectionTarget extends ConnectionUrl {
  readonly user: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly sslMode: SslMode
}

/**
 * Fills in: host `localhost`, port 5432, the system's user name, the database of the user's name, and
 * `sslmode` `prefer`, but `disable` for a local server, where TLS guards nothing and costs a round trip.
 * @throws PANAL_URL_INVALID
 */
export function connectionTarget(url: string): ConnectionTarget {
  const parsed = parseConnectionUrl(url)
  const host = parsed.host ?? 'localhost'
  const user = parsed.user ?? systemUser()
  const sslMode = host.startsWith('/')
    ? 'disable'
    : (parsed.sslMode ?? (isLocal(host) ? 'disable' : 'prefer'))
  return { ...parsed, host, user, port: parsed.port ?? 5432, database: parsed.database ?? user, sslMode }
}

/** `host:port`, or the socket's file, for messages. */
export function formatServer(target: ConnectionTarget): string {
  if (target.host.startsWith('/')) return `${target.host}/.s.PGSQL.${target.port}`
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch (cause) {
    // A user id without an entry in passwd, as containers have.
    throw new PanalError(
      'PANAL_URL_INVALID',
      'The connection URL names no user, and neither does the system.',
      {
        cause,
      },
    )
  }
}
