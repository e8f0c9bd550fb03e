import { PanalError } from '../../model/index.ts'
import { type Connection, lockKey, sql, sqlStateOf, withAdvisoryLock } from '../../postgres/index.ts'
import { LEDGER_FORMAT, ledgerSteps } from './ledger-format.ts'

/** Creating the tables takes some 30 ms, so whoever waits this long waits for a session that hangs. */
const LOCK_TIMEOUT_MS = 30_000
const NO_SUCH_TABLE = '42P01'

/**
 * Makes the ledger of a database, or brings it to the present format. Idempotent; of several at once
 * one does the work and the others wait. The caller acts as the control role, which then owns
 * everything; nothing is granted to anybody.
 *
 * @throws PANAL_LEDGER_FORMAT when a later Panal wrote it
 * @throws PANAL_LOCK_TIMEOUT when another session works on it for more than 30 s
 */
export async function ensureLedger(connection: Connection): Promise<void> {
  if ((await readLedgerFormat(connection)) === LEDGER_FORMAT) return
  const options = { timeoutMs: LOCK_TIMEOUT_MS, subject: `the ledger of database "${connection.database}"` }
  // The registry's lock: it makes the same schema, and two CREATE SCHEMA at once fail with 23505.
  await withAdvisoryLock(connection, lockKey('panal', 'registry'), options, async () => {
    const format = (await readLedgerFormat(connection)) ?? 0
    if (format < LEDGER_FORMAT) await connection.transaction(() => upgrade(connection, format))
  })
}

/**
 * The format of the ledger in this database, or null when there is none.
 * @throws PANAL_LEDGER_FORMAT when only a later Panal can read it
 */
export async function readLedgerFormat(connection: Connection): Promise<number | null> {
  const format = await storedFormat(connection)
  if (format === null || format <= LEDGER_FORMAT) return format
  throw new PanalError(
    'PANAL_LEDGER_FORMAT',
    `The ledger of database "${connection.database}" has format ${format}; this Panal knows ${LEDGER_FORMAT}.`,
  )
}

/** A missing table is the answer "there is none". A missing right is not, and passes on as 42501. */
async function storedFormat(connection: Connection): Promise<number | null> {
  try {
    const [row] = await connection.query<{ format: number }>(
      sql /* SQL */`SELECT format FROM panal.ledger_format`,
    )
    return row?.format ?? null
  } catch (error) {
    if (sqlStateOf(error) === NO_SUCH_TABLE) return null
    throw error
  }
}

async function upgrade(connection: Connection, format: number): Promise<void> {
  // Separately from the question whether it exists: IF NOT EXISTS asks for CREATE on the database all the same.
  const [schema] = await connection.query(sql /* SQL */`SELECT FROM pg_namespace WHERE nspname = 'panal'`)
  if (schema === undefined) await connection.query(sql /* SQL */`CREATE SCHEMA panal`)
  for (const step of ledgerSteps.slice(format)) {
    for (const statement of step) await connection.query(statement)
  }
  await connection.query(sql /* SQL */`
    INSERT INTO panal.ledger_format (format) VALUES (${LEDGER_FORMAT})
    ON CONFLICT (only_row) DO UPDATE SET format = excluded.format`)
}
