import type { ConnectionOptions as TlsOptions } from 'node:tls'
import pg from 'pg'
import { PanalError } from '../model/index.ts'
import { type BackendKey, sendCancelRequest } from './cancel-request.ts'
import { connectError } from './connect-error.ts'
import { Connection } from './connection.ts'
import { type ConnectionTarget, connectionTarget, formatServer } from './connection-target.ts'
import { resultTypes } from './result-types.ts'
import { sqlStateOf } from './server-error.ts'
import { tlsOptions } from './tls-options.ts'
import { checkedTimeout } from './transaction-options.ts'

export interface ConnectionOptions {
  /** As pg_stat_activity shows the session. Default: the URL's `application_name`, else `panal`. */
  readonly applicationName?: string
  /** Default: the URL's `connect_timeout` (seconds), else 10,000 ms. */
  readonly connectTimeoutMs?: number
  /** Longest run of one statement, in milliseconds; 0 means no limit. Default: the role's or server's setting. */
  readonly statementTimeoutMs?: number
  /** Longest wait for one lock, in milliseconds; 0 means no limit. Default: the role's or server's setting. */
  readonly lockTimeoutMs?: number
  /** Longest pause within a transaction, in milliseconds; 0 means no limit. Default: the role's or server's setting. */
  readonly idleInTransactionTimeoutMs?: number
  /** The role to act as (SET ROLE) instead of the user that logs in. */
  readonly role?: string
}

/** The oldest and the newest major version that the tests run on. */
export const oldestServerMajor = 15
export const newestTestedServerMajor = 18

/** The first keep-alive probe after this much silence; a vanished peer is noticed some ten seconds later. */
const keepAliveDelayMs = 10_000

/**
 * Opens a session: TCP keep-alive, UTF-8, `DateStyle` ISO, the given timeouts and role; the time zone
 * is left alone. Settings go by SET, not by start-up parameters, which poolers refuse.
 *
 * @throws PANAL_URL_INVALID, PANAL_DATABASE_UNREACHABLE, PANAL_AUTHENTICATION_FAILED, PANAL_DATABASE_MISSING,
 *   PANAL_CONNECT_REFUSED, PANAL_TOO_MANY_CONNECTIONS, PANAL_SERVER_STARTING, PANAL_TLS_REFUSED, PANAL_SERVER_TOO_OLD
 */
export async function openConnection(url: string, options: ConnectionOptions = {}): Promise<Connection> {
  const target = connectionTarget(url)
  if (target.sslMode === 'disable' || target.sslMode === 'allow')
    return await attempt(target, options, undefined)
  const tls = tlsOptions(target)
  if (target.sslMode !== 'prefer') return await attempt(target, options, tls)
  try {
    return await attempt(target, options, tls)
  } catch (error) {
    // As libpq does for `prefer`: where TLS or pg_hba.conf refused the encrypted attempt, a plain one.
    const refusedEncrypted = error instanceof PanalError && error.code === 'PANAL_TLS_REFUSED'
    if (!refusedEncrypted && sqlStateOf(error) !== '28000') throw error
    return await attempt(target, options, undefined)
  }
}

/** One attempt, encrypted or not. */
async function attempt(
  target: ConnectionTarget,
  options: ConnectionOptions,
  tls: TlsOptions | undefined,
): Promise<Connection> {
  const timeoutMs = options.connectTimeoutMs ?? defaultTimeoutMs(target)
  const state = { timedOut: false, passwordAsked: false }
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    ssl: tls ?? false,
    application_name: options.applicationName ?? target.parameters.application_name ?? 'panal',
    ...(target.parameters.options === undefined ? {} : { options: target.parameters.options }),
    // A function, so that the driver looks neither into PGPASSWORD nor into ~/.pgpass for another password.
    password: () => {
      state.passwordAsked = true
      return target.password ?? ''
    },
    enableChannelBinding: tls !== undefined && (target.parameters.channel_binding ?? 'disable') !== 'disable',
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    types: resultTypes,
  })
  // Nothing may end the process; from connect() on, promises report what happens.
  client.on('error', () => undefined)
  const greeting = listenToGreeting(client)
  const timer = setTimeout(() => {
    state.timedOut = true
    client.connection.stream.destroy()
  }, timeoutMs)
  try {
    await client.connect()
    refuseOldServer(target, greeting.serverVersion)
    refuseUnbound(target, greeting.bindsChannel)
    const session = await setUpSession(client, options)
    const cancel = () => sendCancelRequest(target, greeting.key, tls)
    return new Connection({ client, target, cancel, ...session })
  } catch (error) {
    client.connection.stream.destroy()
    if (error instanceof PanalError) throw error
    throw connectError(error, { target, timeoutMs, ...state, encrypted: tls !== undefined })
  } finally {
    clearTimeout(timer)
  }
}

interface Greeting {
  /** The server_version of the start-up messages: `18.4`, `15.18 (Debian …)`, `19beta1`. */
  serverVersion: string
  key: BackendKey
  /** Whether the login was bound to the TLS channel: both sides do it wherever the server offers it. */
  bindsChannel: boolean
}

function listenToGreeting(client: pg.Client): Greeting {
  const greeting: Greeting = { serverVersion: '', key: { processId: 0, secretKey: 0 }, bindsChannel: false }
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    if (message.parameterName === 'server_version') greeting.serverVersion = message.parameterValue
  })
  client.connection.on('backendKeyData', (message: { processID: number; secretKey: number }) => {
    greeting.key = { processId: message.processID, secretKey: message.secretKey }
  })
  client.connection.on('authenticationSASL', (message: { mechanisms: readonly string[] }) => {
    greeting.bindsChannel = message.mechanisms.includes('SCRAM-SHA-256-PLUS')
  })
  return greeting
}

function refuseOldServer(target: ConnectionTarget, serverVersion: string): void {
  const major = Number.parseInt(serverVersion, 10)
  if (!(major < oldestServerMajor)) return
  throw new PanalError(
    'PANAL_SERVER_TOO_OLD',
    `The server at ${formatServer(target)} is PostgreSQL ${serverVersion}; ` +
      `Panal needs ${oldestServerMajor} or later and is tested to ${newestTestedServerMajor}.`,
  )
}

/** The driver binds the channel where it can; that it must, only we know. */
function refuseUnbound(target: ConnectionTarget, bindsChannel: boolean): void {
  if (target.parameters.channel_binding !== 'require' || bindsChannel) return
  throw new PanalError(
    'PANAL_TLS_REFUSED',
    `The server at ${formatServer(target)} did not bind the login to a TLS channel, which channel_binding=require asks for.`,
    { remedy: 'Use sslmode=require and SCRAM passwords at the server, or channel_binding=prefer.' },
  )
}

interface SessionFacts {
  readonly serverVersionNumber: number
  readonly processId: number
  readonly database: string
  readonly user: string
}

/** Facts and settings in one round trip. The role comes last: it may be allowed less than the user. */
async function setUpSession(client: pg.Client, options: ConnectionOptions): Promise<SessionFacts> {
  const settings = new Map<string, string>([['DateStyle', 'ISO']])
  const setTimeoutOf = (name: string, timeoutMs: number | undefined): void => {
    if (timeoutMs !== undefined) settings.set(name, `${checkedTimeout(timeoutMs)}`)
  }
  setTimeoutOf('statement_timeout', options.statementTimeoutMs)
  setTimeoutOf('lock_timeout', options.lockTimeoutMs)
  setTimeoutOf('idle_in_transaction_session_timeout', options.idleInTransactionTimeoutMs)
  if (options.role !== undefined) settings.set('role', options.role)
  const text = /* SQL */ `
    SELECT current_setting('server_version_num')::int AS "serverVersionNumber", pg_backend_pid() AS "processId",
      current_database()::text AS "database", session_user::text AS "user",
      (SELECT count(set_config(name, value, false))
         FROM unnest($1::text[], $2::text[]) AS setting (name, value)) AS "settings"`
  const { rows } = await client.query<SessionFacts>(text, [[...settings.keys()], [...settings.values()]])
  const [facts] = rows
  if (facts === undefined) throw new PanalError('PANAL_INTERNAL', 'The server did not describe the session.')
  return facts
}

function defaultTimeoutMs(target: ConnectionTarget): number {
  const seconds = Number(target.parameters.connect_timeout)
  return seconds > 0 ? seconds * 1_000 : 10_000
}
