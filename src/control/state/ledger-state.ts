import { type Connection, sql } from '../../postgres/index.ts'
import { readLedgerFormat } from './ledger-ensure.ts'
import type { LedgerFile } from './ledger-files.ts'

/** A file that is applied to a target. */
export interface AppliedFile extends LedgerFile {
  /** Its number in the ledger of this database. */
  readonly number: number
}

/**
 * What is applied in one database. Targets in the same state share one list, so that whatever is
 * derived from it is derived once for the fleet.
 */
export interface LedgerState {
  /** False when the database has no ledger: nothing was ever applied there. */
  readonly exists: boolean
  /** The files applied to a target, in no particular order. */
  appliedTo(target: LedgerTarget): readonly AppliedFile[]
  /** Whether a `transaction:false` file was begun on a target and not finished. */
  isUnfinished(target: LedgerTarget): boolean
}

/** What identifies a target within one database. */
export interface LedgerTarget {
  readonly system: string
  readonly service: string
  readonly schema: string
}

interface ShapeRow {
  readonly system: string
  readonly service: string
  readonly files: readonly number[]
  readonly schemas: readonly string[]
}

const NOTHING: readonly AppliedFile[] = Object.freeze([])
const keyOf = ({ system, service, schema }: LedgerTarget): string => `${system}/${service}/${schema}`

/** The state of a database without a ledger, or that does not exist. */
export const emptyLedger: LedgerState = {
  exists: false,
  appliedTo: () => NOTHING,
  isUnfinished: () => false,
}

/**
 * Reads what is applied to every target of these systems: four queries, however many targets there
 * are. The grouping by the list of files is done by the server from the index alone; a fleet of ten
 * thousand in one state comes as one row.
 *
 * @throws PANAL_LEDGER_FORMAT
 */
export async function readLedger(connection: Connection, systems: readonly string[]): Promise<LedgerState> {
  if ((await readLedgerFormat(connection)) === null) return emptyLedger
  const files = await connection.query<LedgerFile & { number: number }>(sql /* SQL */`
    SELECT id AS number, system, service, name, item, checksum
    FROM panal.ledger_files WHERE system = ANY (${systems}::text[])`)
  const shapes = await connection.query<ShapeRow>(sql /* SQL */`
    SELECT system, service, files, array_agg(schema) AS schemas
    FROM (
      SELECT system, service, schema, array_agg(file ORDER BY file) AS files
      FROM panal.ledger_applied
      WHERE system = ANY (${systems}::text[])
      GROUP BY system, service, schema
    ) AS target
    GROUP BY system, service, files`)
  const unfinished = await connection.query<LedgerTarget>(sql /* SQL */`
    SELECT DISTINCT system, service, schema
    FROM panal.ledger_statements WHERE system = ANY (${systems}::text[])`)
  return stateOf(files, shapes, unfinished)
}

function stateOf(
  files: readonly AppliedFile[],
  shapes: readonly ShapeRow[],
  unfinished: readonly LedgerTarget[],
): LedgerState {
  const byNumber = new Map(files.map((file) => [file.number, file]))
  const applied = new Map<string, readonly AppliedFile[]>()
  for (const { system, service, files: numbers, schemas } of shapes) {
    const list = numbers.flatMap((number) => byNumber.get(number) ?? [])
    for (const schema of schemas) applied.set(keyOf({ system, service, schema }), list)
  }
  const begun = new Set(unfinished.map(keyOf))
  return {
    exists: true,
    appliedTo: (target) => applied.get(keyOf(target)) ?? NOTHING,
    isUnfinished: (target) => begun.has(keyOf(target)),
  }
}
