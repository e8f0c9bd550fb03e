import { type ErrorCode, PanalError } from '../model/index.ts'
import { type ConnectionTarget, formatServer } from './connection-target.ts'
import { isServerError } from './server-error.ts'

/** What is known of an attempt to connect beside the error that ended it. */
export interface ConnectAttempt {
  readonly target: ConnectionTarget
  /** Whether our own clock ended the attempt. */
  readonly timedOut: boolean
  readonly timeoutMs: number
  /** Whether the server asked for a password. */
  readonly passwordAsked: boolean
  /** Whether the attempt was to be encrypted. */
  readonly encrypted: boolean
}

interface Explanation {
  readonly code: ErrorCode
  readonly reason: string
  readonly remedy: string
}

/**
 * Says what kept a connection from being made: server, user and database named, the password never,
 * a remedy each, the original error as cause. Decided by SQLSTATE, system error code and what we did
 * ourselves, never by the text of a message.
 */
export function connectError(error: unknown, attempt: ConnectAttempt): PanalError {
  const { target } = attempt
  const { code, reason, remedy } = explain(error, attempt)
  const whom = `database "${target.database}" as user "${target.user}" at ${formatServer(target)}`
  return new PanalError(code, `Cannot connect to ${whom}: ${reason}.`, { remedy, cause: error })
}

function explain(error: unknown, attempt: ConnectAttempt): Explanation {
  if (isServerError(error)) return explainRefusal(error.code ?? '', error.message, attempt.target)
  if (attempt.timedOut) {
    return {
      code: 'PANAL_DATABASE_UNREACHABLE',
      reason: `no answer within ${attempt.timeoutMs} ms`,
      remedy: 'Check host and port, and that no firewall drops the packets.',
    }
  }
  if (attempt.passwordAsked && attempt.target.password === undefined) {
    return {
      code: 'PANAL_AUTHENTICATION_FAILED',
      reason: 'the server asks for a password and the connection URL has none',
      remedy: 'Put the password into the URL, percent-encoded.',
    }
  }
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : ''
  return explainNetwork(systemCode, error instanceof Error ? error.message : String(error), attempt)
}

/** By https://www.postgresql.org/docs/current/errcodes-appendix.html; the server says the rest itself. */
function explainRefusal(sqlState: string, message: string, target: ConnectionTarget): Explanation {
  switch (sqlState) {
    case '28P01':
      return {
        code: 'PANAL_AUTHENTICATION_FAILED',
        reason: message,
        remedy: 'Check user and password in the URL; / + = @ : % in a password must be percent-encoded.',
      }
    case '28000':
      return {
        code: 'PANAL_AUTHENTICATION_FAILED',
        reason: message,
        remedy:
          "Check that the role exists and has LOGIN, and the server's pg_hba.conf; where it wants encryption, add sslmode=require to the URL.",
      }
    case '3D000':
      return {
        code: 'PANAL_DATABASE_MISSING',
        reason: message,
        remedy: `Check the name in the URL, or create the database "${target.database}".`,
      }
    case '53300':
      return {
        code: 'PANAL_TOO_MANY_CONNECTIONS',
        reason: message,
        remedy:
          'Close other sessions, or raise max_connections, or the CONNECTION LIMIT of the role or database.',
      }
    case '57P01':
    case '57P02':
    case '57P03':
      return { code: 'PANAL_SERVER_STARTING', reason: message, remedy: 'Wait a moment and try again.' }
    default:
      return {
        code: 'PANAL_CONNECT_REFUSED',
        reason: `${message} (SQLSTATE ${sqlState})`,
        remedy: 'Do what the server says; where it denies a permission, GRANT CONNECT or the role named.',
      }
  }
}

const networkRemedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Check that the server runs and listens on that host and port.',
  ENOTFOUND: 'Check the host name in the URL.',
  EAI_AGAIN: 'The name server does not answer: check the network, then the host name in the URL.',
  ENOENT: 'Check that the server runs and that its socket is in that folder (unix_socket_directories).',
  EACCES: 'This user may not open the socket: check the rights of its folder.',
  ETIMEDOUT: 'Check host and port, and that no firewall drops the packets.',
  EHOSTUNREACH: 'Check the network between here and the server.',
  ENETUNREACH: 'Check the network between here and the server.',
  ECONNRESET: 'Check that the port is a PostgreSQL server, and its log.',
  EPIPE: 'Check that the port is a PostgreSQL server, and its log.',
}

function explainNetwork(systemCode: string, message: string, attempt: ConnectAttempt): Explanation {
  const remedy = networkRemedies[systemCode]
  if (remedy !== undefined) {
    // An attempt over several addresses has an empty message of its own.
    return { code: 'PANAL_DATABASE_UNREACHABLE', reason: message === '' ? systemCode : message, remedy }
  }
  if (attempt.encrypted) {
    return {
      code: 'PANAL_TLS_REFUSED',
      reason: `sslmode=${attempt.target.sslMode}: ${message}`,
      remedy: 'Turn on TLS at the server, correct sslrootcert, or choose another sslmode in the URL.',
    }
  }
  return {
    code: 'PANAL_DATABASE_UNREACHABLE',
    reason: message,
    remedy: 'Check that host and port are those of a PostgreSQL server, and its log.',
  }
}
