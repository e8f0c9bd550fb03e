import { type Connection, completedStatements, serverErrorOf } from '../../postgres/index.ts'
import { sectionOf } from '../migrate/index.ts'
import { statementCount } from './batch-file.ts'
import {
  type BatchOptions,
  type BatchTimes,
  type BrokenAt,
  batchScript,
  batchTimes,
  brokenAt,
} from './batch-script.ts'
import type { WorkItem } from './work-item.ts'

/** What came of a batch: done as a whole, or rolled back from some file on. */
export type BatchOutcome =
  | ({ readonly kind: 'done' } & BatchTimes)
  | ({ readonly kind: 'broken'; readonly error: unknown } & BrokenAt)

/**
 * Sends the files of several targets in one message. Items have the same files, which may share a
 * transaction.
 *
 * @throws PANAL_CONNECTION_LOST when nobody knows which of its transactions were committed
 */
export async function runBatch(
  connection: Connection,
  items: readonly WorkItem[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const files = (items[0]?.tasks ?? []).map((_, file) =>
    items.map(({ tasks }) => {
      const task = tasks[file]
      if (task === undefined) throw new TypeError('targets of a batch have the same files')
      return task
    }),
  )
  try {
    const results = await connection.script(batchScript(files, options))
    return { kind: 'done', ...batchTimes(results, items.length) }
  } catch (error) {
    if (connection.lost || connection.closed || serverErrorOf(error) === undefined) throw error
    await connection.script('ROLLBACK')
    const statements = await Promise.all(
      files.map(([task]) => (task === undefined ? 0 : statementCount(sectionOf(task)))),
    )
    const at = brokenAt(completedStatements(error) ?? 0, items.length, statements)
    return { kind: 'broken', error, ...at }
  }
}
