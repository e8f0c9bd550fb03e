import { connectionTarget, formatConnectionUrl, parseConnectionUrl } from '../../postgres/index.ts'

/** Parameters of the operator's URL that an application needs too: they say how far to trust the server. */
const KEPT_PARAMETERS = ['sslrootcert', 'channel_binding']

/**
 * The URL by which an application logs in where the operator does: same server and database, the given
 * login, sslmode and root certificate as configured (none, where the URL names none). The operator's
 * client certificate and session settings are not handed on. `postgresql://`, since SQLAlchemy
 * refuses `postgres://`.
 *
 * @throws PANAL_URL_INVALID
 */
export function databaseUrl(operatorUrl: string, login: string, password: string): string {
  const { sslMode, parameters } = parseConnectionUrl(operatorUrl)
  const { host, port, database } = connectionTarget(operatorUrl)
  const url = formatConnectionUrl({
    user: login,
    password,
    host,
    port,
    database,
    ...(sslMode === undefined ? {} : { sslMode }),
    parameters: Object.fromEntries(
      Object.entries(parameters).filter(([name]) => KEPT_PARAMETERS.includes(name)),
    ),
  })
  return url.replace(/^postgres:/, 'postgresql:')
}
