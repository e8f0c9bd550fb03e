import { ident, literal, type Sql, sql, trusted } from '../../postgres/index.ts'
import type { RoleFacts } from '../catalog/index.ts'
import { emptyPlan, type Plan, SUPERUSER, type UnreachableStep } from './plan.ts'
import type { RolePlanning } from './role-planning.ts'
import { roleStep } from './role-step.ts'
import type { Asks, PlanStep } from './step.ts'
import type { WantedRole } from './wanted-roles.ts'

/** One difference between a role's attributes and those that the model wants. */
interface AttributeChange {
  readonly option: Sql
  readonly reason: string
  readonly action: PlanStep['action']
  readonly asks?: Asks
  /** Who may do it: whoever administers the role, one who also has CREATEDB, or only a superuser. */
  readonly by: 'administrator' | 'database creator' | 'superuser'
}

/** A role to change: wanted, or one that left the model. */
type ChangedRole = Pick<WantedRole, 'name' | 'system' | 'service' | 'tenant'>

/** Only differences: a no-op `ALTER ROLE … NOSUPERUSER` already needs a superuser. */
export function planRoleAttributes(planning: RolePlanning, role: WantedRole, standing: RoleFacts): Plan {
  // Powers first: until a superuser is none, nobody else may alter it.
  return planChanges(planning, role, standing, [
    ...excessivePowers(standing),
    ...attributeChanges(role, standing),
  ])
}

/** The end of what no role but the control roles may be, whether the model still has the role or not. */
export function planExcessivePowers(planning: RolePlanning, role: ChangedRole, standing: RoleFacts): Plan {
  return planChanges(planning, role, standing, excessivePowers(standing))
}

function planChanges(
  planning: RolePlanning,
  role: ChangedRole,
  standing: RoleFacts,
  changes: readonly AttributeChange[],
): Plan {
  const steps: PlanStep[] = []
  const unreachable: UnreachableStep[] = []
  for (const { option, by: usual, ...change } of changes) {
    const by = needsSuperuser(planning, standing) ? 'superuser' : usual
    const statement = sql`ALTER ROLE ${ident(role.name)} ${option}`.statement
    const step = roleStep(role, { ...change, sql: statement, subject: `role ${role.name}` })
    const as = actorFor(planning, role, by)
    if (as !== undefined) {
      steps.push({ ...step, as })
      continue
    }
    const told = { sql: statement, subject: `${step.subject}: ${step.reason}` }
    unreachable.push(
      by === 'superuser'
        ? planning.beyondReach(role.name, told, SUPERUSER)
        : planning.beyondReach(role.name, told),
    )
  }
  return { ...emptyPlan, steps, unreachable }
}

/** Whoever is no superuser changes nothing of a role that is one; who is, ends that first. */
export function needsSuperuser({ facts }: RolePlanning, standing: RoleFacts): boolean {
  return standing.superuser && !facts.operator.superuser
}

function actorFor(
  planning: RolePlanning,
  role: ChangedRole,
  by: AttributeChange['by'],
): string | null | undefined {
  if (by === 'superuser') return planning.facts.operator.superuser ? null : undefined
  return by === 'administrator'
    ? planning.administratorOf(role.system, role.name)
    : planning.databasePowerRemover(role.system, role.name)
}

function attributeChanges(role: WantedRole, standing: RoleFacts): readonly AttributeChange[] {
  const changes: AttributeChange[] = []
  const change = (option: Sql, reason: string): void => {
    changes.push({ option, reason, action: 'change', by: 'administrator' })
  }
  if (role.login && !standing.login) change(trusted('LOGIN'), 'may log in again')
  if (!role.login && standing.login) {
    const reason = 'is no login'
    changes.push({ option: trusted('NOLOGIN'), reason, action: 'change', asks: 'login', by: 'administrator' })
  }
  if (role.inherit && !standing.inherit) change(trusted('INHERIT'), 'inherits')
  if (!role.inherit && standing.inherit) change(trusted('NOINHERIT'), 'does not inherit')
  if (standing.expires) change(trusted("VALID UNTIL 'infinity'"), 'does not expire')
  if (role.connectionLimit !== standing.connectionLimit) {
    const limits = `connection limit ${limitText(standing.connectionLimit)} → ${limitText(role.connectionLimit)}`
    change(sql`CONNECTION LIMIT ${literal(role.connectionLimit)}`, limits)
  }
  return changes
}

/** What no role but the control roles may be. Superuser first: until then nobody else may alter it. */
function excessivePowers(standing: RoleFacts): readonly AttributeChange[] {
  const powers = [
    { has: standing.superuser, name: 'SUPERUSER', option: trusted('NOSUPERUSER'), by: 'superuser' },
    { has: standing.replication, name: 'REPLICATION', option: trusted('NOREPLICATION'), by: 'superuser' },
    { has: standing.bypassRls, name: 'BYPASSRLS', option: trusted('NOBYPASSRLS'), by: 'superuser' },
    // Before CREATEROLE, so that two steps stay two: each names the power that it takes.
    { has: standing.createDatabase, name: 'CREATEDB', option: trusted('NOCREATEDB'), by: 'database creator' },
    { has: standing.createRole, name: 'CREATEROLE', option: trusted('NOCREATEROLE'), by: 'administrator' },
  ] as const
  return powers
    .filter((power) => power.has)
    .map(({ name, option, by }) => ({
      option,
      by,
      reason: `is ${name}, not declared`,
      action: 'remove',
      asks: 'revoke',
    }))
}

const limitText = (limit: number): string => (limit === -1 ? 'none' : String(limit))
