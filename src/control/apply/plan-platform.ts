import { PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { loadMigrations, migrationStatus } from '../migrate/index.ts'
import type { Plan } from '../provision/index.ts'
import { readPlatform, type Selection } from './read-platform.ts'
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
  const migrations = await Promise.all(platform.selected.map(loadMigrations))
  const plan = await surveyPlatform(context, platform, options.adopt ?? false)
  const statuses = await migrationStatus(context, migrations, platform.focus)
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

/** @throws PANAL_MODEL_INVALID for what the server cannot give: an extension that it does not have */
export function refuseProblems(plan: Plan): void {
  if (plan.problems.length === 0) return
  throw new PanalError(
    'PANAL_MODEL_INVALID',
    'The model asks for what this server or its data cannot give.',
    {
      details: plan.problems.map(({ system, service, tenant, message }) =>
        [system, ...(service === '*' ? [] : [service]), ...(tenant === null ? [] : [tenant])]
          .join('/')
          .concat(`: ${message}`),
      ),
    },
  )
}
