import { randomBytes } from 'node:crypto'
import { PanalError } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { localHost } from './local-host.ts'

export type RunOutcome = 'succeeded' | 'failed' | 'interrupted'

/** `lost`: it says that it runs, but its heartbeat stopped; the process was killed or its machine is gone. */
export type RunStatus = 'running' | 'lost' | RunOutcome

export interface RunRecord {
  readonly id: string
  /** What was executed: `apply`, `migrate`, `tenant create`. */
  readonly kind: string
  readonly status: RunStatus
  readonly startedAt: Date
  readonly heartbeatAt: Date
  readonly finishedAt: Date | null
  readonly actor: string
  readonly host: string
  readonly options: Readonly<Record<string, unknown>>
  readonly summary: Readonly<Record<string, unknown>> | null
}

/** Six beats of a run ({@link HEARTBEAT_MS}): one slow statement of the control database kills nobody. */
const LOST_AFTER = '30 seconds'
/** How often a living run says so, in milliseconds. */
export const HEARTBEAT_MS = 5_000

/** Digits of the shortest id: `r-7f3a`. Each collision adds one, so that ids stay short while runs are few. */
const SHORTEST_ID = 4

/** Records a run that begins now and returns its id. `options` hold no secret. */
export async function insertRun(
  connection: Connection,
  kind: string,
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  for (let digits = SHORTEST_ID; digits <= 16; digits++) {
    const id = `r-${randomBytes(8).toString('hex').slice(0, digits)}`
    const [row] = await connection.query<{ id: string }>(sql /* SQL */`
      INSERT INTO panal.runs (id, kind, status, host, options)
      VALUES (${id}, ${kind}, 'running', ${localHost()}, ${JSON.stringify(options)}::jsonb)
      ON CONFLICT DO NOTHING RETURNING id`)
    if (row !== undefined) return row.id
  }
  throw new PanalError('PANAL_INTERNAL', 'No free run id was found.')
}

export async function touchRun(connection: Connection, id: string): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.runs SET heartbeat_at = clock_timestamp() WHERE id = ${id} AND status = 'running'`)
}

/** Ends a run. Saying it twice changes nothing, so that it may be said again after a lost connection. */
export async function finishRun(
  connection: Connection,
  id: string,
  outcome: RunOutcome,
  summary: Readonly<Record<string, unknown>>,
): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.runs
    SET status = ${outcome}, finished_at = clock_timestamp(), heartbeat_at = clock_timestamp(),
      summary = ${JSON.stringify(summary)}::jsonb
    WHERE id = ${id} AND status = 'running'`)
}

// By the server's clock: the machines that run and that look may disagree about the time.
const columns = sql /* SQL */`
  id, kind, started_at AS "startedAt", heartbeat_at AS "heartbeatAt", finished_at AS "finishedAt",
  actor, host, options, summary,
  CASE WHEN status = 'running' AND heartbeat_at < clock_timestamp() - ${LOST_AFTER}::interval
    THEN 'lost' ELSE status END AS status`

/** The latest runs, newest first. @param limit default 50 */
export async function listRuns(connection: Connection, limit = 50): Promise<readonly RunRecord[]> {
  return await connection.query<RunRecord>(
    sql /* SQL */`SELECT ${columns} FROM panal.runs ORDER BY started_at DESC, id LIMIT ${limit}`,
  )
}

export async function findRun(connection: Connection, id: string): Promise<RunRecord | null> {
  const [row] = await connection.query<RunRecord>(
    sql /* SQL */`SELECT ${columns} FROM panal.runs WHERE id = ${id}`,
  )
  return row ?? null
}
