import { type ErrorCode, PanalError } from '../model/index.ts'
import { isServerError } from './server-error.ts'

/** How long to wait between tries, and how many tries there are in all. */
export interface RetryPace {
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  readonly tries: number
}

/** One row of the table: when an error may be retried, and why. */
export interface RetryRule extends RetryPace {
  readonly why: string
  /**
   * `none`: the server says that nothing of the transaction (or, outside one, of the statement)
   * remains, so anybody may try again. `unknown`: the session ended and the work may have been done:
   * only what is safe to do twice may be tried again.
   */
  readonly effect: 'none' | 'unknown'
}

const clash: RetryPace = { baseDelayMs: 20, maxDelayMs: 1_000, tries: 10 }
const lockWait: RetryPace = { baseDelayMs: 100, maxDelayMs: 5_000, tries: 20 }
const serverAway: RetryPace = { baseDelayMs: 250, maxDelayMs: 5_000, tries: 30 }

/**
 * The one table of what may be retried, by SQLSTATE. Two absences are deliberate: 57014 (someone or a
 * timeout cancelled on purpose) and XX000, whose `tuple concurrently updated` only the text tells from
 * real defects: work that may meet it is serialised instead.
 */
export const retryableSqlStates: ReadonlyMap<string, RetryRule> = new Map<string, RetryRule>([
  ['40001', { why: 'a concurrent transaction changed the same rows', effect: 'none', ...clash }],
  [
    '40P01',
    { why: 'two transactions waited for each other and this one gave way', effect: 'none', ...clash },
  ],
  ['55006', { why: 'another session uses the object', effect: 'none', ...lockWait }],
  ['55P03', { why: 'another session holds the lock', effect: 'none', ...lockWait }],
  ['53300', { why: 'no connection was free', effect: 'none', ...lockWait }],
  ['57P03', { why: 'the server is starting or stopping', effect: 'none', ...serverAway }],
  ['08001', { why: 'the server did not answer', effect: 'none', ...serverAway }],
  ['08004', { why: 'the server rejected the connection', effect: 'none', ...serverAway }],
  ['57P01', { why: 'an administrator ended the session or the server', effect: 'unknown', ...serverAway }],
  ['57P02', { why: 'another server process crashed', effect: 'unknown', ...serverAway }],
  ['08000', { why: 'the connection failed', effect: 'unknown', ...serverAway }],
  ['08003', { why: 'the connection did not exist any more', effect: 'unknown', ...serverAway }],
  ['08006', { why: 'the connection broke off', effect: 'unknown', ...serverAway }],
  ['08007', { why: 'the connection broke off while a transaction ended', effect: 'unknown', ...serverAway }],
])

/** What `CREATE … IF NOT EXISTS` gives to the later of two sessions, on an index of pg_catalog. */
const catalogRace: RetryRule = { why: 'another session created the same object', effect: 'none', ...clash }

/** The SQLSTATE that our own connection errors stand for. */
const sqlStateOfCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  PANAL_DATABASE_UNREACHABLE: '08001',
  PANAL_SERVER_STARTING: '57P03',
  PANAL_TOO_MANY_CONNECTIONS: '53300',
  PANAL_CONNECTION_LOST: '08006',
  PANAL_COMMIT_UNKNOWN: '08007',
}

/**
 * The row that holds for an error, or for the first of its causes that has one; none when it must not
 * be retried. PANAL_LOCK_TIMEOUT has none: whoever threw it has waited already.
 */
export function retryRuleOf(error: unknown): RetryRule | undefined {
  for (let seen = error; seen instanceof Error; seen = seen.cause) {
    if (isServerError(seen) && seen.code === '23505' && seen.schema === 'pg_catalog') return catalogRace
    const ownState = seen instanceof PanalError ? sqlStateOfCode[seen.code] : undefined
    const rule = retryableSqlStates.get((isServerError(seen) ? seen.code : ownState) ?? '')
    if (rule !== undefined) return rule
  }
  return undefined
}
