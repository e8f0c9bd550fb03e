import { formatTarget, type Target } from '../../model/index.ts'
import { readPlatform, type Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type HistoryProblem, migrationStatus, readSystemMigrations } from '../migrate/index.ts'
import { listTargetRecords, openRegistry } from '../state/index.ts'

/** How far one target is, in the words of the command line's contract. */
export interface StatusRow {
  readonly system: string
  readonly service: string
  readonly tenant?: string
  readonly database: string
  readonly schema: string
  /** The head as its file is named; null before the first migration. */
  readonly version: string | null
  readonly pending: readonly string[]
  /** Whether the registry knows the target: false before the first apply. */
  readonly provisioned: boolean
  /** A `transaction:false` file that was begun and not finished. */
  readonly unfinished: boolean
  /** Why migrate would refuse this target, one sentence each. */
  readonly problems: readonly string[]
}

/**
 * Every target, in a number of queries that does not grow with them: the registry's two, and four
 * for each database.
 */
export async function platformStatus(
  context: ControlContext,
  selection: Selection = {},
): Promise<readonly StatusRow[]> {
  const platform = await readPlatform(context, selection)
  const migrations = platform.selected.map(readSystemMigrations)
  const provisioned = await provisionedTargets(
    context,
    platform.selected.map((system) => system.name),
  )
  const statuses = await migrationStatus(context, migrations, platform.focus)
  return statuses.map(({ target, version, pending, unfinished, problems }) => ({
    system: target.system,
    service: target.service,
    ...(target.tenant === null ? {} : { tenant: target.tenant }),
    database: target.database,
    schema: target.schema,
    version,
    pending,
    provisioned: provisioned.has(formatTarget(target)),
    unfinished,
    problems: problems.map(describe),
  }))
}

async function provisionedTargets(
  context: ControlContext,
  systems: readonly string[],
): Promise<ReadonlySet<string>> {
  const registry = await openRegistry(context)
  if (registry === null) return new Set()
  await using open = registry
  const records: readonly Target[] = await listTargetRecords(open, systems)
  return new Set(records.map(formatTarget))
}

function describe(problem: HistoryProblem): string {
  switch (problem.kind) {
    case 'edited':
      return `${problem.file.name} was edited after it was applied`
    case 'missing':
      return `${problem.applied.name} is applied and no longer in the folder`
    case 'below-head':
      return `${problem.file.name} is below the applied ${problem.head.name}`
  }
}
