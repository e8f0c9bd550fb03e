import { formatTarget, type Target } from '../../model/index.ts'
import { accessAfterFile } from '../access/index.ts'
import {
  checkRequirements,
  type FileTask,
  type FleetState,
  type MigrationFile,
  type StagePart,
  sectionOf,
} from '../migrate/index.ts'
import { ledgerFileKey } from '../state/index.ts'
import { mayChangeRows, statementCount } from './batch-file.ts'
import { DatabaseLanes } from './database-lanes.ts'
import { deferringSchemas } from './deferring-schemas.ts'
import { laneListener } from './lane-listener.ts'
import type { StageContext } from './stage-context.ts'
import { type WorkItem, workItem } from './work-item.ts'

/**
 * Runs the parts of a stage, the databases side by side, and ends when all have ended.
 *
 * @param isLastWave whether a requirement that is not met now never will be
 * @throws what ends the run: a server that stays away, a defect
 */
export async function runStage(
  context: StageContext,
  parts: readonly StagePart[],
  isLastWave: boolean,
): Promise<void> {
  const items = new Map<string, WorkItem[]>()
  for (const part of parts) {
    const item = itemOfPart(context, part, isLastWave)
    if (item === null) continue
    const here = items.get(item.target.database) ?? []
    here.push(item)
    items.set(item.target.database, here)
  }
  const failure = { defect: null as { readonly error: unknown } | null }
  await Promise.all(
    [...items].map(async ([database, here]) => {
      try {
        const { seats, pace } = await context.databases.get(database)
        await separateDeferring(context, database, here)
        pace.expect(await mostStatements(here))
        const listener = laneListener(context, () => failure.defect !== null)
        await new DatabaseLanes({ seats, pace, limits: context.databases.limits, listener }, here).run()
      } catch (error) {
        failure.defect ??= { error }
      }
    }),
  )
  if (failure.defect !== null) throw failure.defect.error
}

/** Lets those go alone in whose schema a trigger could wait for a COMMIT that others share. */
async function separateDeferring(
  { state }: StageContext,
  database: string,
  items: readonly WorkItem[],
): Promise<void> {
  const sections = new Set(items.flatMap(({ shape, tasks }) => (shape === null ? [] : tasks.map(sectionOf))))
  const changes = await Promise.all([...sections].map(mayChangeRows))
  const connection = state.connections.get(database)
  if (connection === undefined || !changes.includes(true)) return
  const deferring = await deferringSchemas(
    connection,
    items.map(({ target }) => target.schema),
  )
  for (const item of items) if (deferring.has(item.target.schema)) item.shape = null
}

/** Statements that a target of these gets in one file, at most. */
async function mostStatements(items: readonly WorkItem[]): Promise<number> {
  const sections = new Set(items.flatMap(({ tasks }) => tasks.map(sectionOf)))
  const counts = await Promise.all([...sections].map(statementCount))
  return Math.max(0, ...counts)
}

/** The files of a part that can run now; null when there are none. */
function itemOfPart(
  { tally, state, known, held, run, numbers }: StageContext,
  { planned: { target, migrations }, files }: StagePart,
  isLastWave: boolean,
): WorkItem | null {
  if (!tally.isOpen(target)) return null
  const name = formatTarget(target)
  const before = held.get(name)
  if (before !== undefined && !isLastWave) {
    for (const file of files) before.add(file)
    return null
  }
  const wanted = before === undefined ? files : files.filter((file) => before.has(file))
  const unmet = firstUnmet(wanted, target, known, state)
  const ready = unmet === null ? wanted : wanted.slice(0, unmet.index)
  if (unmet !== null && !isLastWave) held.set(name, new Set(wanted.slice(unmet.index)))
  const tasks = ready.map((file): FileTask => {
    const number = numbers.get(target.database)?.get(ledgerFileKey(file)) ?? 0
    return { target, file, direction: 'up', number, run }
  })
  const unmetFile = unmet === null || !isLastWave ? undefined : wanted[unmet.index]
  const fate = unmetFile === undefined ? null : { file: unmetFile, error: unmet?.error }
  if (tasks.length > 0) return workItem(target, tasks, accessAfterFile(migrations.system, target), fate)
  if (fate !== null) tally.fail(target, fate.file, fate.error)
  return null
}

/** The first file whose `requires` are not met, since what it requires failed, waits, or was not chosen. */
function firstUnmet(
  files: readonly MigrationFile[],
  target: Target,
  known: readonly Target[],
  state: FleetState,
): { readonly index: number; readonly error: unknown } | null {
  for (const [index, file] of files.entries()) {
    try {
      checkRequirements(file, target, known, (other, item) => state.isApplied(other, item))
    } catch (error) {
      return { index, error }
    }
  }
  return null
}
