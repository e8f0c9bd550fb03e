import type { Target } from '../../model/index.ts'
import type { AccessAfterFile } from '../access/index.ts'
import { type FileTask, type MigrationFile, sectionOf } from '../migrate/index.ts'
import { mayShareTransaction } from './batch-file.ts'

/** One target on its way through a stage. Only the lane that took it from the queue changes it. */
export interface WorkItem {
  readonly target: Target
  readonly access: AccessAfterFile | null
  /** The file after the last task, whose requirements are not met and will not be. */
  readonly unmet: { readonly file: MigrationFile; readonly error: unknown } | null
  /** Files still to be done, in their order. */
  tasks: readonly FileTask[]
  /** Items of the same shape can share a message; null: it goes alone. */
  shape: string | null
  /** A session was lost while it was under way: what it left, the ledger knows. */
  uncertain: boolean
  /** When it first met something that passes (a lock, a full lock table), and how often since. */
  waiting: { readonly sinceMs: number; readonly tries: number } | null
  /** The sum over its files, by the server's clock. */
  durationMs: number
  /** Files that this run applied. */
  files: number
}

export function workItem(
  target: Target,
  tasks: readonly FileTask[],
  access: AccessAfterFile | null,
  unmet: WorkItem['unmet'],
): WorkItem {
  const shares = access === null && tasks.every((task) => mayShareTransaction(sectionOf(task)))
  const shape = shares ? [target.owner, ...tasks.map(({ number }) => number)].join(' ') : null
  return { target, access, unmet, tasks, shape, uncertain: false, waiting: null, durationMs: 0, files: 0 }
}

/** Takes files from the front of an item that are done. */
export function advance(item: WorkItem, files: number): void {
  item.tasks = item.tasks.slice(files)
  if (item.shape === null) return
  item.shape = [item.target.owner, ...item.tasks.map(({ number }) => number)].join(' ')
}
