import { formatTarget, type Target } from '../../model/index.ts'
import { readPlatform, type Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type HistoryProblem, migrationStatus, readSystemMigrations } from '../migrate/index.ts'
import { lastFailures, listTargetRecords, openRegistry, type RunTargetFailure } from '../state/index.ts'

/** Why a target is behind. */
export interface FailedRun extends RunTargetFailure {
  readonly run: string
}

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
  /** The last run that was about this target, where it failed there and the target is still behind. */
  readonly failedRun?: FailedRun
}

/**
 * Every target, in a number of queries that does not grow with them: the registry's few, and four
 * for each database.
 */
export async function platformStatus(
  context: ControlContext,
  selection: Selection = {},
): Promise<readonly StatusRow[]> {
  const platform = await readPlatform(context, selection)
  const migrations = platform.selected.map(readSystemMigrations)
  const statuses = await migrationStatus(context, migrations, platform.focus)
  const behind = statuses.filter(({ pending }) => pending.length > 0).map(({ target }) => target)
  const { provisioned, failedRuns } = await registryKnows(
    context,
    platform.selected.map((system) => system.name),
    behind,
  )
  return statuses.map(({ target, version, pending, unfinished, problems }) => {
    const failedRun = failedRuns.get(`${target.database}/${target.schema}`)
    return {
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
      ...(failedRun === undefined ? {} : { failedRun }),
    }
  })
}

async function registryKnows(
  context: ControlContext,
  systems: readonly string[],
  behind: readonly Target[],
): Promise<{
  readonly provisioned: ReadonlySet<string>
  readonly failedRuns: ReadonlyMap<string, FailedRun>
}> {
  const registry = await openRegistry(context)
  if (registry === null) return { provisioned: new Set(), failedRuns: new Map() }
  await using open = registry
  const records: readonly Target[] = await listTargetRecords(open, systems)
  const failures = await lastFailures(open, behind)
  return {
    provisioned: new Set(records.map(formatTarget)),
    failedRuns: new Map(
      failures.map(({ database, schema, ...failure }) => [`${database}/${schema}`, failure]),
    ),
  }
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
