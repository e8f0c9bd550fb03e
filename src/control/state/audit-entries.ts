import { type Connection, sql } from '../../postgres/index.ts'
import { localHost } from './local-host.ts'

/** Something that was done to the platform. Never holds a secret. */
export interface AuditEvent {
  /** What was done, as `noun.verb`: `role.created`, `tenant.provisioned`. */
  readonly action: string
  /** To what: `role user_acme`, `bo-tech/acme`. */
  readonly subject: string
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface AuditEntry {
  readonly seq: number
  readonly at: Date
  /** Who logged in at the database. */
  readonly actor: string
  /** `user@machine` of the process. */
  readonly host: string
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly run: string | null
}

/**
 * Appends entries, in their order, in one statement. Nobody waits for anybody here: entries are chained by
 * hash later, in segments, so that runners never queue on the last link.
 */
export async function appendAudit(
  connection: Connection,
  events: readonly AuditEvent[],
  run: string | null = null,
): Promise<void> {
  if (events.length === 0) return
  await connection.query(sql /* SQL */`
    INSERT INTO panal.audit_entries (host, action, subject, detail, run)
    SELECT ${localHost()}, action, subject, detail, ${run}
    FROM unnest(
      ${events.map((event) => event.action)}::text[],
      ${events.map((event) => event.subject)}::text[],
      ${events.map((event) => JSON.stringify(event.detail ?? {}))}::jsonb[]
    ) WITH ORDINALITY AS given (action, subject, detail, n)
    ORDER BY n`)
}

export interface AuditFilter {
  /** Default: from the beginning. */
  readonly since?: Date
  /** One action (`role.created`), or all of a noun (`role`). Default: all. */
  readonly action?: string
  /** The latest ones win. Default: 1,000. */
  readonly limit?: number
}

/** The latest entries that match, oldest first. */
export async function listAudit(
  connection: Connection,
  { since, action, limit = 1_000 }: AuditFilter = {},
): Promise<readonly AuditEntry[]> {
  const from = since ?? null
  const wanted = action ?? null
  const rows = await connection.query<AuditEntry>(sql /* SQL */`
    SELECT seq, at, actor, host, action, subject, detail, run FROM panal.audit_entries
    WHERE (${from}::timestamptz IS NULL OR at >= ${from}::timestamptz)
      AND (${wanted}::text IS NULL OR action = ${wanted}::text OR starts_with(action, ${wanted}::text || '.'))
    ORDER BY seq DESC LIMIT ${limit}`)
  return rows.reverse()
}
