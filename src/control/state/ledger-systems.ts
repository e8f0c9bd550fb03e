import { type Connection, sql } from '../../postgres/index.ts'
import { readLedgerFormat } from './ledger-ensure.ts'

/** The systems that manage this database: what is marked as theirs is Panal's to change. None without a ledger. */
export async function ledgerSystems(connection: Connection): Promise<readonly string[]> {
  if ((await readLedgerFormat(connection)) === null) return []
  const rows = await connection.query<{ system: string }>(
    sql /* SQL */`SELECT system FROM panal.ledger_systems ORDER BY system`,
  )
  return rows.map(({ system }) => system)
}

/** Notes that a system manages this database. Needs the ledger. */
export async function addLedgerSystem(connection: Connection, system: string): Promise<void> {
  await connection.query(
    sql /* SQL */`INSERT INTO panal.ledger_systems (system) VALUES (${system}) ON CONFLICT DO NOTHING`,
  )
}
