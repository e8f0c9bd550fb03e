import { CONTROL_ROLE } from '../../model/index.ts'
import { ident, literal, sql } from '../../postgres/index.ts'
import { markerOf, type RoleFacts } from '../catalog/index.ts'
import { passwordOption } from './create-role.ts'
import { emptyPlan, type Plan } from './plan.ts'
import type { RolePlanning } from './role-planning.ts'
import { roleStep } from './role-step.ts'
import { statements } from './statements.ts'
import type { WantedRole } from './wanted-roles.ts'

/** Marks a role that stood before, gives a creator the right to change it, and its login Panal's password. */
export function adoptRole(planning: RolePlanning, role: WantedRole, standing: RoleFacts): Plan {
  const name = ident(role.name)
  const as = adopterOf(planning, standing)
  // Whom it belongs to from now on, for the rest of this plan too.
  const creator = planning.creatorOf(role.system, role.name)
  const content = {
    sql: statements([
      sql`COMMENT ON ROLE ${name} IS ${literal(markerOf(role.system))}`,
      ...(planning.facts.serverMajor >= 16
        ? [sql`GRANT ${name} TO ${ident(creator)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`]
        : []),
      ...(role.login ? [sql`ALTER ROLE ${name} ${passwordOption(role.name)}`] : []),
    ]),
    action: 'change',
    subject: `role ${role.name}`,
    reason: 'adopted',
    asks: 'owner',
    ...(role.login ? { passwordOf: role.name } : {}),
  } as const
  const step = roleStep(role, content)
  return as === undefined
    ? { ...emptyPlan, unreachable: [planning.beyondReach(role.name, step)] }
    : { ...emptyPlan, steps: [{ ...step, as }] }
}

/** Before 16 any CREATEROLE role, since then one with ADMIN on it. Undefined: nobody that the operator can become. */
function adopterOf(planning: RolePlanning, standing: RoleFacts): string | null | undefined {
  const { operator, serverMajor } = planning.facts
  if (operator.superuser) return null
  if (standing.superuser) return undefined
  if (serverMajor < 16) return CONTROL_ROLE
  const admins = planning.memberships.ofRole(standing.name).filter((membership) => membership.admin)
  const has = (member: string): boolean => admins.some((membership) => membership.member === member)
  if (has(operator.name)) return null
  return has(CONTROL_ROLE) ? CONTROL_ROLE : undefined
}
