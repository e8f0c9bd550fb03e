import type { PlatformPlan } from '../../control/index.ts'
import type { PlanStep } from '../../control/provision/index.ts'
import { displayWidth, fit, padEnd, plural, printable, type Terminal } from '../terminal/index.ts'
import { orphanLines } from './orphan-lines.ts'

/** Steps of Panal's own (the control role, the registry) belong to no system. */
const NO_SYSTEM = '*'
/** A subject wider than this pushes its reason away instead of everybody's. */
const MAX_SUBJECT_COLUMNS = 64

/**
 * What apply would do, system by system. Where many tenants get the same, the first one's steps
 * are shown and the others counted, except for steps that take something away: those are what a
 * person must agree to, one by one.
 *
 * @param flags the selection, for the command to type next
 */
export function planScreen(plan: PlatformPlan, terminal: Terminal, flags: string): string {
  const names = new Set([...plan.steps, ...plan.pending].map((entry) => entry.system))
  const sections = [...names].map((system) => systemSection(plan, system, terminal))
  return [...sections, ...remarks(plan, terminal), footer(plan, flags)].join('\n\n')
}

function systemSection(plan: PlatformPlan, system: string, terminal: Terminal): string {
  const steps = plan.steps.filter((step) => step.system === system)
  const databases = new Set(steps.map((step) => step.database).filter((key) => key !== 'control'))
  const where = databases.size === 0 ? '' : ` on ${[...databases].join(', ')}`
  const title = system === NO_SYSTEM ? 'panal itself' : `${terminal.paint.bold(system)}${where}`
  const { shown, hidden, tenants } = foldTenants(steps)
  const more =
    hidden === 0
      ? []
      : [`    … and ${plural(hidden, 'step')} like these for ${plural(tenants, 'more tenant')}`]
  return [title, ...stepLines(shown, terminal), ...more, ...migrationLines(plan, system, terminal)].join('\n')
}

/** Keeps the steps of services, of the first tenant, and every one that takes something away. */
function foldTenants(steps: readonly PlanStep[]) {
  const tenants = new Set(steps.map((step) => step.tenant).filter((tenant) => tenant !== undefined))
  const [first] = tenants
  const shown = steps.filter(
    ({ tenant, asks }) => tenant === undefined || tenant === first || asks !== undefined,
  )
  return { shown, hidden: steps.length - shown.length, tenants: tenants.size - 1 }
}

function stepLines(steps: readonly PlanStep[], terminal: Terminal): string[] {
  const { paint } = terminal
  const marks = { create: paint.green('+'), change: paint.yellow('~'), remove: paint.red('-') }
  const subjects = steps.map((step) => printable(step.subject))
  const width = Math.max(0, ...subjects.map(displayWidth).filter((columns) => columns <= MAX_SUBJECT_COLUMNS))
  return steps.map(({ action, reason, asks }, index) => {
    const why = asks === undefined ? reason : `${reason}   (asks)`
    const text = fit(`${padEnd(subjects[index] ?? '', width)}   ${printable(why)}`, terminal.columns - 4)
    return `  ${marks[action]} ${text}`
  })
}

/** Targets that get the same files are one line. */
function migrationLines(plan: PlatformPlan, system: string, terminal: Terminal): string[] {
  const pending = plan.pending.filter((entry) => entry.system === system)
  const groups = Map.groupBy(pending, ({ service, migrations }) => `${service} ${migrations.join(', ')}`)
  return [...groups].map(([files, targets]) => {
    const where = targets[0]?.tenant === undefined ? '' : `   on ${plural(targets.length, 'tenant')}`
    return `  ${terminal.paint.cyan('↑')} ${fit(`migrate ${files}${where}`, terminal.columns - 4)}`
  })
}

/** What apply does not do by itself, or not at all. */
function remarks(plan: PlatformPlan, { paint }: Terminal): string[] {
  const blocks = [
    orphanLines(plan.orphans),
    plan.unmarked.map(
      ({ kind, name }) => `in the way: ${kind} ${name} exists and is not Panal's; take it over with --adopt`,
    ),
    plan.unreachable.map(({ sql, role }) => `beyond reach: only ${role} can run: ${sql}`),
    plan.foreign.map(
      ({ subject, grantee, grantor, database }) =>
        `foreign: ${subject} to ${grantee}, granted by ${grantor} in ${database}; left alone`,
    ),
    plan.problems.map(({ system, service, message }) => `impossible: ${system}/${service}: ${message}`),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${paint.yellow('!')} ${printable(line)}`).join('\n'))
}

function footer(plan: PlatformPlan, flags: string): string {
  const files = plan.pending.reduce((sum, { migrations }) => sum + migrations.length, 0)
  if (plan.steps.length === 0 && files === 0) return 'Nothing to do: the server is as the model describes it.'
  const asking = plan.steps.filter((step) => step.asks !== undefined).length
  const asks =
    asking === 0
      ? ''
      : ` ${plural(asking, 'step')} take${asking === 1 ? 's' : ''} something away and ask${asking === 1 ? 's' : ''} first.`
  return `${plural(plan.steps.length, 'step')}, ${plural(files, 'migration')}. Nothing is dropped.${asks} Apply with: panal apply${flags}`
}
