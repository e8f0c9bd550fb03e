import pg from 'pg'

/** An error that the server reported, with the fields of the protocol: `code` (SQLSTATE), `position`, `where`, … */
export type ServerError = pg.DatabaseError

/** Whether the server itself reported this error (and not the network or the driver). */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof pg.DatabaseError
}

/** The server's error that stands behind an error: itself, or the first one along its causes. */
export function serverErrorOf(error: unknown): ServerError | undefined {
  for (let seen = error; seen instanceof Error; seen = seen.cause) {
    if (isServerError(seen)) return seen
  }
  return undefined
}

/** The SQLSTATE of the server's error behind this error. Branch on it, never on the text: texts are translated. */
export function sqlStateOf(error: unknown): string | undefined {
  return serverErrorOf(error)?.code
}

/**
 * The session is over after these. The severity FATAL would say the same, but the driver hands it
 * on in the server's language only.
 */
const sessionEnds: ReadonlySet<string> = new Set([
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '57P01', // admin_shutdown: also pg_terminate_backend
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P04', // database_dropped
  '57P05', // idle_session_timeout
])

/** Whether the server ended the session with this error. */
export function endsSession(error: unknown): boolean {
  const state = isServerError(error) ? (error.code ?? '') : ''
  return sessionEnds.has(state) || state.startsWith('08')
}

/** The server's message, SQLSTATE, detail, hint and context as lines for a person. */
export function describeServerError(error: ServerError): string[] {
  const lines = [`${error.message} (SQLSTATE ${error.code ?? 'unknown'})`]
  if (error.detail !== undefined) lines.push(`Detail: ${error.detail}`)
  if (error.hint !== undefined) lines.push(`Hint: ${error.hint}`)
  if (error.where !== undefined) lines.push(`Context: ${error.where}`)
  return lines
}
