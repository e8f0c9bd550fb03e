import { PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { checkFiles, migrationStatus, readSystemMigrations } from '../migrate/index.ts'
import type { Plan, PlanProblem, Platform } from '../provision/index.ts'
import { openRegistry } from '../state/index.ts'
import { readPlatform, type Selection, withLatestTargets } from './read-platform.ts'
import { surveyPlatform } from './survey.ts'

/** What `apply` would migrate on one target. */
export interface PendingMigrations {
  readonly system: string
  readonly service: string
  readonly tenant?: string
  readonly migrations: readonly string[]
}

export interface PlatformPlan extends Plan {
  readonly pending: readonly PendingMigrations[]
}

/** What apply would do; changes nothing. */
export async function planPlatform(
  context: ControlContext,
  options: { readonly selection?: Selection; readonly adopt?: boolean } = {},
): Promise<PlatformPlan> {
  const platform = await readPlatform(context, options.selection)
  const migrations = platform.selected.map(readSystemMigrations)
  const plan = await surveyCalmly(context, platform, options.adopt ?? false)
  const statuses = await migrationStatus(context, migrations, platform.focus)
  await checkFiles([...new Set(statuses.flatMap(({ pendingFiles }) => pendingFiles))])
  const pending = statuses
    .filter((status) => status.pending.length > 0)
    .map(({ target, pending: names }) => ({
      system: target.system,
      service: target.service,
      ...(target.tenant === null ? {} : { tenant: target.tenant }),
      migrations: names,
    }))
  return { ...plan, pending }
}

/** What looks like an orphan may be a tenant that somebody began to create after the registry was read. */
async function surveyCalmly(context: ControlContext, platform: Platform, adopt: boolean): Promise<Plan> {
  const plan = await surveyPlatform(context, platform, adopt)
  if (plan.orphans.length === 0) return plan
  await using registry = await openRegistry(context)
  if (registry === null) return plan
  const latest = await withLatestTargets(context.config, registry, platform)
  if (latest.targets.length === platform.targets.length) return plan
  return await surveyPlatform(context, latest, adopt)
}

/** Whether the server is as the model wants it: nothing to do, nothing that only others could do. */
export function isConverged(plan: PlatformPlan): boolean {
  return (
    plan.steps.length === 0 &&
    plan.pending.length === 0 &&
    plan.unmarked.length === 0 &&
    plan.unreachable.length === 0 &&
    plan.problems.length === 0
  )
}

/** @throws PANAL_UNMARKED_EXISTS naming everything that stands in the way */
export function refuseUnmarked(plan: Plan): void {
  if (plan.unmarked.length === 0) return
  throw new PanalError(
    'PANAL_UNMARKED_EXISTS',
    `${plan.unmarked.length === 1 ? 'One name is' : `${plan.unmarked.length} names are`} taken by something that Panal does not manage.`,
    {
      details: plan.unmarked.map(
        ({ kind, name, system, database }) =>
          `${kind} ${name}${database === undefined ? '' : ` in ${database}`} (declared by ${system})`,
      ),
    },
  )
}

/**
 * What breaks row tenancy does not stop an apply: its steps close it, and a pending migration may mend it.
 *
 * @throws PANAL_MODEL_INVALID for what the server cannot give: an extension that it does not have
 */
export function refuseProblems(plan: Plan): void {
  const problems = plan.problems.filter(({ code }) => code === 'PANAL_MODEL_INVALID')
  if (problems.length === 0) return
  throw new PanalError(
    'PANAL_MODEL_INVALID',
    'The model asks for what this server or its data cannot give.',
    { details: problems.map((problem) => `${placeOf(problem)}: ${problem.message}`) },
  )
}

/** `acc-lms`, `bo-tech/shop/acme`: what a problem is about. */
export function placeOf({ system, service, tenant }: PlanProblem): string {
  return [system, ...(service === '*' ? [] : [service]), ...(tenant === null ? [] : [tenant])].join('/')
}
