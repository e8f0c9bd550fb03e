import { PanalError } from '../model/index.ts'

/** libpq's TLS modes. Absent means `prefer`, except that a local server is not asked for TLS. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

/** A connection URL taken apart. What the URL leaves out stays undefined, so that formatting gives it back. */
export interface ConnectionUrl {
  readonly user?: string
  readonly password?: string
  /** A name or address, or the folder of a Unix socket (starts with a slash). */
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly sslMode?: SslMode
  /** The further parameters, by libpq's names. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Parameters that Panal understands beside those with a field of their own. */
const furtherParameters = [
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
  'application_name',
  'connect_timeout',
  'options',
]

/**
 * Reads a `postgres://` or `postgresql://` URL. User, password, host and database are percent-decoded;
 * the last `@` before the first slash ends the password, so a raw `@`, `:`, `+` or `=` in it does no
 * harm. A parameter that Panal would ignore is refused, as psql does: a mistyped `sslmode` must not pass.
 *
 * No message quotes the URL: where a `/` or `?` is not encoded, any part of it may be the password.
 *
 * @throws PANAL_URL_INVALID
 */
export function parseConnectionUrl(url: string): ConnectionUrl {
  const { userinfo, place, path, query } = splitUrl(url)
  const parameters = parseQuery(query)
  const take = (key: string): string | undefined => {
    const value = parameters.get(key)
    parameters.delete(key)
    return value === '' ? undefined : value
  }
  const [user, password] = splitOnce(userinfo, ':')
  const [host, port] = splitPlace(place)
  const parsed = {
    user: take('user') ?? decode(user, 'user'),
    password: take('password') ?? decode(password, 'password'),
    host: take('host') ?? decode(host, 'host'),
    port: parsePort(take('port') ?? port),
    database: take('dbname') ?? decode(path, 'database'),
    sslMode: parseSslMode(take('sslmode')),
  }
  if (parsed.host?.includes(',')) throw invalid('names several hosts; Panal connects to one')
  if ([...parameters.keys()].some((key) => !furtherParameters.includes(key))) {
    const known = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', ...furtherParameters].join(', ')
    throw invalid(`has a parameter after the ? that Panal does not know (it knows ${known})`)
  }
  return { ...withoutUndefined(parsed), parameters: Object.freeze(Object.fromEntries(parameters)) }
}

interface UrlParts {
  readonly userinfo: string
  readonly place: string
  readonly path: string
  readonly query: string
}

function splitUrl(url: string): UrlParts {
  const parts = /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url)
  if (parts === null) throw invalid('does not start with postgres://')
  const [, authority = '', path = '', query = ''] = parts
  const at = authority.lastIndexOf('@')
  if (at < 0 && `${path}${query}`.includes('@')) {
    throw invalid(
      'has an @ after the first / or ?: write / as %2F, ? as %3F and @ as %40 where they are meant',
    )
  }
  return { userinfo: authority.slice(0, Math.max(at, 0)), place: authority.slice(at + 1), path, query }
}

/** Splits `host:port`, `[ipv6]:port` or `%2Fsocket%2Ffolder:port`. */
function splitPlace(place: string): readonly [host: string, port: string] {
  if (!place.startsWith('[')) return splitOnce(place, ':')
  const parts = /^\[([^\]]*)\](?::(.*))?$/.exec(place)
  if (parts === null) throw invalid('has an address in [ ] that does not end')
  return [parts[1] ?? '', parts[2] ?? '']
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function parseQuery(query: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of query.split('&').filter((pair) => pair !== '')) {
    const [key, value] = splitOnce(pair, '=')
    parameters.set(decode(key, 'parameters') ?? '', decode(value, 'parameters') ?? '')
  }
  return parameters
}

/** Strict, and + stays +: only percent-encoding is decoded, as libpq does. */
function decode(text: string, what: string): string | undefined {
  if (text === '') return undefined
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    throw invalid(`has a % in its ${what} that no two hexadecimal digits of UTF-8 follow; a plain % is %25`)
  }
  // NUL ends a string of the protocol, so the server would see another name.
  if (decoded.includes('\0')) throw invalid(`has a zero byte in its ${what}`)
  return decoded
}

function parsePort(text: string): number | undefined {
  if (text === '') return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw invalid('has a port that is no number from 1 to 65535')
  return port
}

function parseSslMode(text: string | undefined): SslMode | undefined {
  if (text === undefined) return undefined
  const mode = sslModes.find((mode) => mode === text)
  if (mode === undefined) throw invalid(`has an sslmode that is none of ${sslModes.join(', ')}`)
  return mode
}

type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }

/** `exactOptionalPropertyTypes`: an absent part is an absent property. */
function withoutUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>
}

function invalid(problem: string): PanalError {
  return new PanalError('PANAL_URL_INVALID', `The connection URL ${problem}.`)
}
