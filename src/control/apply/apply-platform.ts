import { PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { migrateFleet } from '../fleet/index.ts'
import { type FailedTarget, readSystemMigrations } from '../migrate/index.ts'
import { registerSpares } from '../pool/index.ts'
import type { Plan, Platform, UnreachableStep } from '../provision/index.ts'
import { Run, recordSystems, recordTargets } from '../state/index.ts'
import { Approval } from './approval.ts'
import { ensureControl } from './ensure-control.ts'
import { markActive } from './mark-active.ts'
import {
  isConverged,
  type PlatformPlan,
  placeOf,
  planPlatform,
  refuseProblems,
  refuseUnmarked,
} from './plan-platform.ts'
import { provisionPlatform } from './provision-platform.ts'
import { pruneOrphans } from './prune-orphans.ts'
import { buildPlatform, platformFrom, type Selection } from './read-platform.ts'
import { type SeedResult, seedPlatform } from './seed-platform.ts'

export interface ApplyOptions {
  readonly selection?: Selection
  /** Takes over declared names that stand without Panal's mark. Default: false. */
  readonly adopt?: boolean
  /** Runs the seeds after the migrations. Default: false. */
  readonly seed?: boolean
  /** Drops each orphan for which this says yes. Default: none is dropped. */
  readonly prune?: (orphan: Plan['orphans'][number]) => Promise<boolean>
  /** Is shown the plan before anything changes, and throws when the answer is no. Default: agreed. */
  readonly confirm?: (plan: PlatformPlan) => Promise<void>
}

export interface ApplyResult {
  readonly run: string
  /** Steps and migrations done. */
  readonly applied: number
  readonly migrated: number
  readonly failed: readonly ApplyFailure[]
  readonly orphans: Plan['orphans']
  readonly pruned: Plan['orphans']
  readonly unreachable: readonly UnreachableStep[]
  readonly foreign: Plan['foreign']
  readonly seeded: readonly SeedResult[]
  readonly seconds: number
}

export type ApplyFailure = Pick<FailedTarget, 'target' | 'migration' | 'code' | 'message'> &
  Partial<Omit<FailedTarget, 'target' | 'migration' | 'code' | 'message'>>

/**
 * Brings the server to the model: roles, databases, schemas, extensions, privileges, migrations,
 * seeds; then looks again. Can be interrupted anywhere and run again.
 *
 * @throws PANAL_UNMARKED_EXISTS, PANAL_CONFIRMATION_NEEDED, PANAL_MODEL_INVALID before anything changed
 */
export async function applyPlatform(
  context: ControlContext,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const started = performance.now()
  const selection = options.selection ?? {}
  const adopt = options.adopt ?? false
  const plan = await planPlatform(context, { selection, adopt })
  refuseUnmarked(plan)
  refuseProblems(plan)
  await options.confirm?.(plan)
  const approval = options.confirm === undefined ? Approval.everything : Approval.of(plan)

  const bare = buildPlatform(context.config, [], { systems: [] })
  await ensureControl(context, bare)
  await using control = await context.databases.openControl()
  const run = await Run.start(context, 'apply', { ...selection, adopt, seed: options.seed ?? false })
  try {
    const known = await platformFrom(context.config, control, selection)
    await recordSystems(
      control,
      known.selected.map((system) => system.name),
    )
    // Spares are tenants of the registry: once recorded, the rest of this apply makes them like any other.
    const spares = known.whole ? await registerSpares(control, context.config, known.selected) : []
    const platform = spares.length === 0 ? known : await platformFrom(context.config, control, selection)
    await recordTargets(control, platform.focus)
    // Where the plan was empty there is nothing to do, and nothing to look at again.
    const idle = isConverged(plan) && spares.length === 0
    const steps = idle
      ? 0
      : await provisionPlatform(context, control, platform, { adopt, approval, run: run.id })
    const migrated = idle ? NOTHING : await migratePlatform(context, platform, run.id)
    await markActive(control, platform, new Set(migrated.failed.map(({ target }) => target)), run.id)
    const seeded = options.seed === true ? await seedPlatform(context, platform) : []
    const pruned =
      options.prune === undefined
        ? []
        : await pruneOrphans(context, control, platform, plan.orphans, options.prune)
    const after = idle && pruned.length === 0 ? plan : await planPlatform(context, { selection, adopt })
    const failed = [...migrated.failed, ...(migrated.failed.length > 0 ? [] : leftOver(after, platform))]
    const summary = { applied: steps + migrated.files, failed: failed.length }
    await run.finish(failed.length > 0 ? 'failed' : 'succeeded', summary)
    return {
      run: run.id,
      applied: steps + migrated.files,
      migrated: migrated.files,
      failed,
      orphans: after.orphans,
      pruned,
      unreachable: after.unreachable,
      foreign: after.foreign,
      seeded,
      seconds: (performance.now() - started) / 1_000,
    }
  } catch (error) {
    // Whatever a signal cut off says so in its own words; for the record it was an interruption.
    const ended = context.signal.aborted ? interruption(error) : error
    const code = ended instanceof PanalError ? ended.code : 'PANAL_INTERNAL'
    const outcome = code === 'PANAL_INTERRUPTED' ? 'interrupted' : 'failed'
    await run.finish(outcome, { code }).catch(() => undefined)
    throw ended
  }
}

function interruption(error: unknown): PanalError {
  if (error instanceof PanalError) return error
  return new PanalError('PANAL_INTERRUPTED', 'Interrupted; what was finished stays.', { cause: error })
}

const NOTHING = { files: 0, failed: [] as readonly ApplyFailure[] }

async function migratePlatform(
  context: ControlContext,
  platform: Platform,
  run: string,
): Promise<{ readonly files: number; readonly failed: readonly ApplyFailure[] }> {
  const migrations = platform.selected.map(readSystemMigrations)
  const selected = new Set(platform.selected.map((system) => system.name))
  const known = platform.targets.filter((target) => selected.has(target.system))
  const result = await migrateFleet(context, { migrations, targets: platform.focus, known, run })
  if (result.interrupted) {
    throw new PanalError('PANAL_INTERRUPTED', 'Interrupted between two migrations; what was finished stays.')
  }
  return result
}

/** "Verify integrity": what the plan still finds after everything was done. */
function leftOver(plan: PlatformPlan, platform: Platform): readonly ApplyFailure[] {
  // A tenant that somebody else began meanwhile is not this apply's to finish.
  const tenants = new Set(platform.focus.map(({ tenant }) => tenant))
  const steps = plan.steps.filter(({ tenant }) => tenant === undefined || tenants.has(tenant))
  const left = (target: string, message: string): ApplyFailure => ({
    target,
    migration: '',
    code: 'PANAL_NOT_CONVERGED',
    message,
  })
  return [
    ...steps.map((step) => left(step.system, `${step.subject}: ${step.reason}`)),
    ...plan.unreachable.map(({ sql, role, subject }) => left(subject, `only ${role} can run: ${sql}`)),
    ...plan.problems.map((problem) => ({
      ...left(placeOf(problem), problem.message),
      code: problem.code,
    })),
  ]
}
