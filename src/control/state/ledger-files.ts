import { type Connection, sql } from '../../postgres/index.ts'

/** A file as the ledger knows it: one row for each content that was ever run or adopted. */
export interface LedgerFile {
  readonly system: string
  readonly service: string
  /** `001_initial.sql`. */
  readonly name: string
  /** The canonical version, or the name of a repeatable file. */
  readonly item: string
  /** SHA-256 of the normalized text. */
  readonly checksum: string
}

export interface LedgerFileText extends LedgerFile {
  /** The normalized text. */
  readonly text: string
}

/** Identifies a file in the map that {@link recordLedgerFiles} gives. */
export const ledgerFileKey = (file: Pick<LedgerFile, 'service' | 'name' | 'checksum'>): string =>
  `${file.service}/${file.name}@${file.checksum}`

/**
 * Records the files of one system that are about to run and gives their numbers in this ledger, by
 * {@link ledgerFileKey}. Texts are sent only where they are new; two statements, however many files.
 */
export async function recordLedgerFiles(
  connection: Connection,
  system: string,
  files: readonly LedgerFileText[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = await readNumbers(connection, system)
  const missing = files.filter((file) => !numbers.has(ledgerFileKey(file)))
  if (missing.length === 0) return numbers
  const column = (name: keyof LedgerFileText): readonly string[] => missing.map((file) => file[name])
  await connection.query(sql /* SQL */`
    INSERT INTO panal.ledger_files (system, service, name, item, checksum, text)
    SELECT ${system}, service, name, item, checksum, text
    FROM unnest(${column('service')}::text[], ${column('name')}::text[], ${column('item')}::text[],
      ${column('checksum')}::text[], ${column('text')}::text[]) AS file (service, name, item, checksum, text)
    ON CONFLICT DO NOTHING`)
  // Read again, and not RETURNING: another run may have inserted the same at the same time.
  return await readNumbers(connection, system)
}

/** The text of a recorded file, for the difference to the one on disk. */
export async function ledgerFileText(connection: Connection, number: number): Promise<string | null> {
  const [row] = await connection.query<{ text: string }>(
    sql /* SQL */`SELECT text FROM panal.ledger_files WHERE id = ${number}`,
  )
  return row?.text ?? null
}

async function readNumbers(connection: Connection, system: string): Promise<Map<string, number>> {
  const rows = await connection.query<Omit<LedgerFile, 'system'> & { id: number }>(
    sql /* SQL */`SELECT id, service, name, item, checksum FROM panal.ledger_files WHERE system = ${system}`,
  )
  return new Map(rows.map((row) => [ledgerFileKey(row), row.id]))
}
