import pg from 'pg'
import { type BenchResult, median } from '../support/report.ts'
import type { Contender } from './contender.ts'

const UNDO_CONNECTIONS = 4
const UNDO_AT_ONCE = 25

/**
 * Lets the contenders add a column and an index each, in turns, and takes them away again untimed, so
 * that the tables are for everybody as they were.
 *
 * @param rounds beside a first one that only warms up
 */
export async function compareContenders(
  url: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly BenchResult[]> {
  const rates = contenders.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const column = `of_${index}_in_${round}`
      await contender.prepare?.(column)
      const began = performance.now()
      await contender.migrate(column)
      const seconds = (performance.now() - began) / 1_000
      await requireDone(url, contender, column)
      await undo(url, contender.schemas, column)
      if (round > 0) rates[index]?.push(contender.schemas.length / seconds)
    }
  }
  return contenders.map(({ name }, index) => {
    const runs = rates[index] ?? []
    return { name, perSecond: median(runs), runs }
  })
}

/** A contender that skipped somebody would look fast. */
async function requireDone(url: string, { name, schemas }: Contender, column: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ columns: number; indexes: number }>(
      `SELECT (SELECT count(*) FROM pg_attribute WHERE attname = $1 AND attrelid IN
                (SELECT oid FROM pg_class WHERE relname = 'products'))::int AS columns,
              (SELECT count(*) FROM pg_class WHERE relname = $2)::int AS indexes`,
      [column, `${column}_index`],
    )
    const [found] = rows
    if (found?.columns === schemas.length && found.indexes === schemas.length) return
    throw new Error(`${name} made ${found?.columns} columns and ${found?.indexes} indexes`)
  } finally {
    await client.end()
  }
}

async function undo(url: string, schemas: readonly string[], column: string): Promise<void> {
  const starts = Array.from(
    { length: Math.ceil(schemas.length / UNDO_AT_ONCE) },
    (_, at) => at * UNDO_AT_ONCE,
  )
  const work = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
      const here = schemas.slice(start, start + UNDO_AT_ONCE)
      await client.query(
        here.map((schema) => `ALTER TABLE ${schema}.products DROP COLUMN ${column}`).join(';'),
      )
    }
    await client.end()
  }
  await Promise.all(Array.from({ length: UNDO_CONNECTIONS }, work))
}
