import { type Connection, sql } from '../../postgres/index.ts'
import { targetLock } from './ledger-entries.ts'
import type { AppliedFile, LedgerTarget } from './ledger-state.ts'

/**
 * What is applied to one target, whose lock is taken for the transaction; null where another run holds the lock
 * or a `transaction:false` file is unfinished.
 */
export async function lockLedgerTarget(
  connection: Connection,
  { system, service, schema }: LedgerTarget,
): Promise<readonly AppliedFile[] | null> {
  const [state] = await connection.query<{ locked: boolean; unfinished: boolean }>(sql /* SQL */`
    SELECT pg_try_advisory_xact_lock(${targetLock(schema)}) AS locked,
      EXISTS (SELECT FROM panal.ledger_statements
        WHERE (system, service, schema) = (${system}, ${service}, ${schema})) AS unfinished`)
  if (state?.locked !== true || state.unfinished) return null
  return await connection.query<AppliedFile>(sql /* SQL */`
    SELECT files.id AS number, files.system, files.service, files.name, files.item, files.checksum
    FROM panal.ledger_applied AS applied JOIN panal.ledger_files AS files ON files.id = applied.file
    WHERE (applied.system, applied.service, applied.schema) = (${system}, ${service}, ${schema})`)
}

/** Books what is applied to a schema under another name and tenant, in the transaction that renames it. */
export async function renameLedgerTarget(
  connection: Connection,
  { system, service, schema }: LedgerTarget,
  to: { readonly schema: string; readonly tenant: string | null },
): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.ledger_applied SET schema = ${to.schema}, tenant = ${to.tenant}
    WHERE (system, service, schema) = (${system}, ${service}, ${schema})`)
}
