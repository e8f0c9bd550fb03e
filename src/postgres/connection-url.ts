import { connectionTarget } from './connection-target.ts'
import { type ConnectionUrl, parseConnectionUrl } from './parse-connection-url.ts'

/** Writes a URL that psql and drivers read: every special character percent-encoded, a socket as `?host=`. */
export function formatConnectionUrl(url: ConnectionUrl): string {
  return format(url, url.password === undefined ? '' : `:${encodeURIComponent(url.password)}`)
}

/** The same server, user and parameters, another database. @throws PANAL_URL_INVALID */
export function withDatabase(url: string, database: string): string {
  return formatConnectionUrl({ ...parseConnectionUrl(url), database })
}

/** The same server, database and parameters, another login. @throws PANAL_URL_INVALID */
export function withCredentials(url: string, user: string, password: string): string {
  return formatConnectionUrl({ ...parseConnectionUrl(url), user, password })
}

/** The database that a URL leads to; as for psql, the user's name where it names none. @throws PANAL_URL_INVALID */
export function databaseOfUrl(url: string): string {
  return connectionTarget(url).database
}

/** The URL for people's eyes: the password becomes `…`. A URL that cannot be read becomes `postgres://…`. */
export function redactUrl(url: string): string {
  try {
    const parsed = parseConnectionUrl(url)
    return format(parsed, parsed.password === undefined ? '' : ':…')
  } catch {
    return 'postgres://…'
  }
}

function format(url: ConnectionUrl, password: string): string {
  const userinfo = `${encodeURIComponent(url.user ?? '')}${password}`
  const socket = url.host?.startsWith('/') === true
  const host = url.host?.includes(':') && !socket ? `[${url.host}]` : encodeURIComponent(url.host ?? '')
  const query = new Map<string, string>(Object.entries(url.parameters))
  if (url.sslMode !== undefined) query.set('sslmode', url.sslMode)
  if (socket) query.set('host', url.host ?? '')
  const parameters = [...query].map(
    ([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2F', '/')}`,
  )
  return [
    'postgres://',
    userinfo === '' ? '' : `${userinfo}@`,
    socket ? '' : host,
    url.port === undefined ? '' : `:${url.port}`,
    url.database === undefined ? '' : `/${encodeURIComponent(url.database)}`,
    parameters.length === 0 ? '' : `?${parameters.join('&')}`,
  ].join('')
}
