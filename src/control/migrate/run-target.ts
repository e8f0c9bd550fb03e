import type { Connection } from '../../postgres/index.ts'
import type { AccessAfterFile } from '../access/index.ts'
import { type FileTask, sectionOf } from './file-script.ts'
import { type FileOutcome, runFile, runFilesAtOnce, type WaitLimits } from './run-file.ts'
import { runStatements } from './run-statements.ts'

/** What came of the files of one target: those that are done and, where one failed, its error. The rest was not begun. */
export interface TargetOutcome {
  readonly done: readonly FileOutcome[]
  readonly failure: { readonly task: FileTask; readonly error: unknown } | null
}

/**
 * Runs files on one target in their order and stops at the first that fails. Several files go to the
 * server in one message where nothing has to happen between them: a new tenant costs one round trip.
 *
 * @param connection acts as the control role; nobody else uses it meanwhile
 */
export async function runTarget(
  connection: Connection,
  tasks: readonly FileTask[],
  afterFile: AccessAfterFile | null,
  limits: WaitLimits,
): Promise<TargetOutcome> {
  const done: FileOutcome[] = []
  for (const group of groupsOf(tasks, afterFile)) {
    if (group.length > 1 && (await runGroup(connection, group, limits, done))) continue
    for (const task of group) {
      try {
        limits.signal?.throwIfAborted()
        done.push(await runOne(connection, task, afterFile, limits))
      } catch (error) {
        return { done, failure: { task, error } }
      }
    }
  }
  return { done, failure: null }
}

function runOne(
  connection: Connection,
  task: FileTask,
  afterFile: AccessAfterFile | null,
  limits: WaitLimits,
): Promise<FileOutcome> {
  return sectionOf(task).transaction
    ? runFile(connection, task, afterFile, limits)
    : runStatements(connection, task, limits)
}

/**
 * Whether a group was applied as a whole. Any error is met again when its files are run one by one:
 * the ledger answers for those that were committed, and the one that fails is named.
 */
async function runGroup(
  connection: Connection,
  group: readonly FileTask[],
  limits: WaitLimits,
  done: FileOutcome[],
): Promise<boolean> {
  try {
    limits.signal?.throwIfAborted()
    done.push(...(await runFilesAtOnce(connection, group, limits)))
    return true
  } catch {
    return false
  }
}

/** Files that can share a message: in transactions, and with no rights to set between them. */
function groupsOf(
  tasks: readonly FileTask[],
  afterFile: AccessAfterFile | null,
): readonly (readonly FileTask[])[] {
  const groups: FileTask[][] = []
  let joinable = false
  for (const task of tasks) {
    const together = afterFile === null && sectionOf(task).transaction
    if (together && joinable) groups.at(-1)?.push(task)
    else groups.push([task])
    joinable = together
  }
  return groups
}
