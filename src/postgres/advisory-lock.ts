import { PanalError } from '../model/index.ts'
import type { Connection } from './connection.ts'
import type { LockKey } from './lock-key.ts'
import { sql } from './sql.ts'
import { pause } from './with-retries.ts'

export interface LockOptions {
  /** How long to wait, in milliseconds; 0 tries once. */
  readonly timeoutMs: number
  /** What the lock guards, for the error: `the migrations of tenant acme`. */
  readonly subject?: string
  /** Called once, as soon as it is clear that somebody else holds the lock. */
  readonly onWait?: (holder: LockHolder | undefined) => void
  readonly signal?: AbortSignal
}

/** Who holds a lock, as far as pg_stat_activity tells this user. */
export interface LockHolder {
  readonly processId: number
  readonly applicationName: string
  readonly user: string | null
  /** When its transaction began, or its session where it has none; `null` where the server does not tell this user. */
  readonly since: Date | null
}

/** The first wait between two tries, and the longest. */
const firstDelayMs = 5
const maxDelayMs = 250

/**
 * Holds a session's advisory lock during work. The lock is polled by pg_try_advisory_lock: a session
 * that waits in the server holds a snapshot, for which CREATE INDEX CONCURRENTLY of the lock's holder
 * waits in turn, and after deadlock_timeout one of them dies with 40P01 (measured: 900 ms; polled, 4 ms).
 *
 * Taken again by the same session, the lock counts; each level is released on its own.
 *
 * @throws PANAL_LOCK_TIMEOUT naming the holder, or the signal's reason
 * @throws PANAL_CONNECTION_LOST also after work that succeeded: it may have run without the lock
 * @throws PANAL_INTERNAL inside a transaction, or when the lock was gone at the end
 */
export async function withAdvisoryLock<Result>(
  connection: Connection,
  key: LockKey,
  options: LockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (connection.inTransaction) {
    throw new PanalError(
      'PANAL_INTERNAL',
      'A failed transaction could not release the lock: take a transaction lock.',
    )
  }
  await poll(connection, key, options, () => trySessionLock(connection, key))
  let result: Result
  try {
    result = await work()
  } catch (error) {
    // The error of the work matters more; when the session is gone, so is the lock.
    await release(connection, key).catch(() => undefined)
    throw error
  }
  await release(connection, key)
  return result
}

/**
 * Takes an advisory lock that the running transaction keeps to its end; polled likewise.
 * @throws PANAL_INTERNAL outside a transaction, where the server would drop the lock at once
 * @throws PANAL_LOCK_TIMEOUT naming the holder, PANAL_CONNECTION_LOST, the signal's reason
 */
export async function takeTransactionLock(
  connection: Connection,
  key: LockKey,
  options: LockOptions,
): Promise<void> {
  if (!connection.inTransaction) {
    throw new PanalError('PANAL_INTERNAL', 'A lock of a transaction needs a transaction.')
  }
  await poll(connection, key, options, () => tryTransactionLock(connection, key))
}

/** Who holds the lock now; none when it is free, or when its holder has just gone. */
export async function lockHolder(connection: Connection, key: LockKey): Promise<LockHolder | undefined> {
  const high = Number(BigInt.asUintN(32, key >> 32n))
  const low = Number(BigInt.asUintN(32, key))
  const [holder] = await connection.query<LockHolder>(sql /* SQL */`
    SELECT l.pid AS "processId", coalesce(a.application_name, '') AS "applicationName", a.usename::text AS "user",
      coalesce(a.xact_start, a.backend_start) AS "since"
    FROM pg_locks AS l
    LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = ${high}::oid AND l.objid = ${low}::oid AND l.objsubid = 1
    ORDER BY l.pid
    LIMIT 1`)
  return holder
}

async function poll(
  connection: Connection,
  key: LockKey,
  { timeoutMs, subject = 'it', onWait, signal }: LockOptions,
  tryLock: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + timeoutMs
  for (let tries = 0; ; tries += 1) {
    signal?.throwIfAborted()
    if (await tryLock()) return
    const leftMs = end - performance.now()
    if (leftMs <= 0) throw timeoutError(subject, timeoutMs, await lockHolder(connection, key))
    if (tries === 0 && onWait !== undefined) onWait(await lockHolder(connection, key))
    const delayMs = Math.min(maxDelayMs, firstDelayMs * 1.5 ** tries) * (0.5 + Math.random() / 2)
    await pause(Math.min(delayMs, leftMs), signal)
  }
}

async function trySessionLock(connection: Connection, key: LockKey): Promise<boolean> {
  const [row] = await connection.query<{ held: boolean }>(
    sql /* SQL */`SELECT pg_try_advisory_lock(${key}) AS "held"`,
  )
  return row?.held === true
}

async function tryTransactionLock(connection: Connection, key: LockKey): Promise<boolean> {
  const [row] = await connection.query<{ held: boolean }>(
    sql /* SQL */`SELECT pg_try_advisory_xact_lock(${key}) AS "held"`,
  )
  return row?.held === true
}

async function release(connection: Connection, key: LockKey): Promise<void> {
  const [row] = await connection.query<{ held: boolean }>(
    sql /* SQL */`SELECT pg_advisory_unlock(${key}) AS "held"`,
  )
  if (row?.held === true) return
  throw new PanalError('PANAL_INTERNAL', 'The session no longer held its advisory lock.', {
    remedy: 'Connect to the server itself: a pooler in transaction mode changes sessions under a lock.',
  })
}

function timeoutError(subject: string, timeoutMs: number, holder: LockHolder | undefined): PanalError {
  const waited = `The lock on ${subject} did not come free within ${timeoutMs} ms`
  if (holder === undefined)
    return new PanalError('PANAL_LOCK_TIMEOUT', `${waited}; its last holder has just gone.`)
  const since = holder.since === null ? 'a time that the server does not tell' : holder.since.toISOString()
  const who = `process ${holder.processId} ("${holder.applicationName}", user ${holder.user ?? 'unknown'})`
  return new PanalError('PANAL_LOCK_TIMEOUT', `${waited}: ${who} holds it since ${since} at the earliest.`, {
    remedy: `Wait until it ends, or end it: SELECT pg_terminate_backend(${holder.processId})`,
  })
}
