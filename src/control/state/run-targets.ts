import type { Target } from '../../model/index.ts'
import { type Connection, sql, sqlStateOf } from '../../postgres/index.ts'

/** How far a run came with a target. `skipped`: its schema is not there any more. */
export type RunTargetStatus = 'pending' | 'done' | 'failed' | 'skipped'

/** Why a target failed or was skipped. */
export interface RunTargetFailure {
  readonly code: string
  readonly message: string
  readonly migration: string
  /** The server's SQLSTATE, where it was the server that refused. */
  readonly sqlState?: string
  /** `004_order_channel.sql:6:3`. */
  readonly place?: string
}

/** What a run did to one target. */
export interface RunTarget {
  readonly system: string
  readonly service: string
  readonly tenant: string | null
  readonly database: string
  readonly schema: string
  /** From 1. */
  readonly wave: number
  readonly status: RunTargetStatus
  readonly finishedAt: Date | null
  /** In the server, over its files. */
  readonly durationMs: number | null
  /** Files applied. */
  readonly files: number
  readonly failure: RunTargetFailure | null
}

type Key = Pick<Target, 'system' | 'service' | 'tenant' | 'database' | 'schema'>

/** A target that a run has before it. */
export type PlannedRunTarget = Key & Pick<RunTarget, 'wave'>

/** What became of it. */
export type FinishedRunTarget = Pick<
  RunTarget,
  'database' | 'schema' | 'status' | 'durationMs' | 'files' | 'failure'
>

/** Notes which targets a run has before it, in which wave: one statement, whatever their number. */
export async function insertRunTargets(
  connection: Connection,
  run: string,
  targets: readonly PlannedRunTarget[],
): Promise<void> {
  if (targets.length === 0) return
  await connection.query(sql /* SQL */`
    INSERT INTO panal.run_targets (run, system, service, tenant, database, schema, wave, status)
    SELECT ${run}, given.*, 'pending' FROM unnest(
      ${targets.map(({ system }) => system)}::text[],
      ${targets.map(({ service }) => service)}::text[],
      ${targets.map(({ tenant }) => tenant)}::text[],
      ${targets.map(({ database }) => database)}::text[],
      ${targets.map(({ schema }) => schema)}::text[],
      ${targets.map(({ wave }) => wave)}::integer[]
    ) AS given`)
}

/** Notes what became of targets. Saying it twice changes nothing. */
export async function finishRunTargets(
  connection: Connection,
  run: string,
  targets: readonly FinishedRunTarget[],
): Promise<void> {
  if (targets.length === 0) return
  await connection.query(sql /* SQL */`
    UPDATE panal.run_targets AS target
    SET status = given.status, finished_at = clock_timestamp(), duration_ms = given.duration_ms,
      files = given.files, failure = given.failure
    FROM unnest(
      ${targets.map(({ database }) => database)}::text[],
      ${targets.map(({ schema }) => schema)}::text[],
      ${targets.map(({ status }) => status)}::text[],
      ${targets.map(({ durationMs }) => (durationMs === null ? null : Math.round(durationMs)))}::integer[],
      ${targets.map(({ files }) => files)}::integer[],
      ${targets.map(({ failure }) => (failure === null ? null : JSON.stringify(failure)))}::jsonb[]
    ) AS given (database, schema, status, duration_ms, files, failure)
    WHERE (target.run, target.database, target.schema) = (${run}, given.database, given.schema)`)
}

const columns = sql /* SQL */`
  system, service, tenant, database, schema, wave, status, finished_at AS "finishedAt",
  duration_ms AS "durationMs", files, failure`

/** The targets of a run, wave by wave. @param limit default: all */
export async function listRunTargets(
  connection: Connection,
  run: string,
  limit: number | null = null,
): Promise<readonly RunTarget[]> {
  return await noneInOlder(
    connection.query<RunTarget>(sql /* SQL */`
      SELECT ${columns} FROM panal.run_targets WHERE run = ${run}
      ORDER BY wave, database, schema LIMIT ${limit}`),
  )
}

/** How many targets of a run came how far, by wave. */
export interface WaveCount {
  readonly wave: number
  readonly status: RunTargetStatus
  readonly targets: number
  /** The sum over its targets. */
  readonly durationMs: number
}

export async function countRunTargets(connection: Connection, run: string): Promise<readonly WaveCount[]> {
  return await noneInOlder(
    connection.query<WaveCount>(sql /* SQL */`
      SELECT wave, status, count(*)::integer AS targets, coalesce(sum(duration_ms), 0)::integer AS "durationMs"
      FROM panal.run_targets WHERE run = ${run} GROUP BY wave, status ORDER BY wave, status`),
  )
}

/** The last thing that runs say of a target, where that is a failure. */
export interface LastFailure extends RunTargetFailure {
  readonly run: string
  readonly database: string
  readonly schema: string
}

/** Of the given targets, those that failed in the last run that finished with them: one query. */
export async function lastFailures(
  connection: Connection,
  targets: readonly Pick<Target, 'database' | 'schema'>[],
): Promise<readonly LastFailure[]> {
  const rows = await noneInOlder(
    connection.query<LastFailureRow>(sql /* SQL */`
      SELECT last.run, given.database, given.schema, last.failure
      FROM unnest(
        ${targets.map(({ database }) => database)}::text[], ${targets.map(({ schema }) => schema)}::text[]
      ) AS given (database, schema)
      CROSS JOIN LATERAL (
        SELECT run, status, failure FROM panal.run_targets
        WHERE (run_targets.database, run_targets.schema) = (given.database, given.schema)
          AND finished_at IS NOT NULL
        ORDER BY finished_at DESC LIMIT 1
      ) AS last
      WHERE last.status = 'failed' AND last.failure IS NOT NULL`),
  )
  return rows.map(({ failure, ...where }) => ({ ...failure, ...where }))
}

type LastFailureRow = Pick<LastFailure, 'run' | 'database' | 'schema'> & {
  readonly failure: RunTargetFailure
}

/** A registry that an older Panal made has no such table until the next run; whoever only looks adds none. */
async function noneInOlder<Row>(rows: Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await rows
  } catch (error) {
    if (sqlStateOf(error) === '42P01') return []
    throw error
  }
}
