import { CONTROL_ROLE, connectRole, type System } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import { systemOfMarker } from '../catalog/index.ts'
import { adoptRole } from './adopt-role.ts'
import { controlRoleSteps } from './bootstrap-steps.ts'
import { createCreator, createRole } from './create-role.ts'
import { emptyPlan, joinPlans, type Orphan, type Plan, SUPERUSER } from './plan.ts'
import { planMemberships } from './plan-memberships.ts'
import { needsSuperuser, planExcessivePowers, planRoleAttributes } from './plan-role-attributes.ts'
import type { Platform } from './platform.ts'
import type { RolePlanning } from './role-planning.ts'
import { roleStep } from './role-step.ts'
import { knownRoles, type WantedRole, wantedRoles } from './wanted-roles.ts'

export interface RolePlanOptions {
  /** Take over declared names that exist without Panal's mark. */
  readonly adopt: boolean
}

/** What separates the roles of a server from those that the model wants. */
export function planRoles(platform: Platform, planning: RolePlanning, options: RolePlanOptions): Plan {
  const wanted = wantedRoles(platform)
  const bySystem = Map.groupBy(wanted, (role) => role.system)
  const known = platform.whole ? knownRoles(platform) : null
  const plans = platform.selected.map((system) =>
    planSystem(system, planning, bySystem.get(system.name) ?? [], known, options),
  )
  return joinPlans([
    { ...emptyPlan, steps: controlRoleSteps(planning.facts) },
    ...plans,
    planMemberships(platform, wanted, planning, known),
  ])
}

/** The roles of one system: its group and its creators first, since these make the rest. */
function planSystem(
  system: System,
  planning: RolePlanning,
  wanted: readonly WantedRole[],
  known: ReadonlySet<string> | null,
  options: RolePlanOptions,
): Plan {
  const { facts } = planning
  const connectName = connectRole(system.name)
  const isNewConnect = (role: WantedRole): boolean =>
    role.name === connectName && !facts.roles.has(connectName)
  const rest = joinPlans(
    wanted.filter((role) => !isNewConnect(role)).map((role) => planRole(planning, role, options)),
  )
  const orphans = known === null ? [] : orphansOf(system, planning, known)
  const locked = joinPlans(orphans.map((orphan) => lock(planning, orphan)))
  const first = [
    ...wanted.filter(isNewConnect).map((role) => createRole(role, CONTROL_ROLE, facts.serverMajor)),
    // Only now is it known how many the rest needs.
    ...planning
      .creatorsOf(system.name)
      .missing.map((name) => createCreator(system.name, name, facts.serverMajor)),
  ]
  return joinPlans([{ ...emptyPlan, steps: first }, rest, { ...locked, orphans }])
}

function planRole(planning: RolePlanning, role: WantedRole, options: RolePlanOptions): Plan {
  const standing = planning.facts.roles.get(role.name)
  if (standing === undefined) {
    const creator = planning.creatorOf(role.system, role.name)
    return { ...emptyPlan, steps: [createRole(role, creator, planning.facts.serverMajor)] }
  }
  if (systemOfMarker(standing.comment) === role.system) return planRoleAttributes(planning, role, standing)
  if (!options.adopt) {
    return { ...emptyPlan, unmarked: [{ kind: 'role', name: role.name, system: role.system }] }
  }
  const adoption = adoptRole(planning, role, standing)
  if (adoption.steps.length === 0) return adoption
  return joinPlans([adoption, planRoleAttributes(planning, role, standing)])
}

function orphansOf(system: System, planning: RolePlanning, known: ReadonlySet<string>): readonly Orphan[] {
  const creators = planning.creatorsOf(system.name)
  return [...planning.facts.roles.values()]
    .filter((role) => systemOfMarker(role.comment) === system.name)
    .filter((role) => !known.has(role.name) && !creators.has(role.name))
    .map((role) => ({ kind: 'role', name: role.name, system: system.name }))
}

/** A login that left the model logs in no more; its memberships and grants go by the other plans. */
function lock(planning: RolePlanning, orphan: Orphan): Plan {
  const standing = planning.facts.roles.get(orphan.name)
  if (standing === undefined) return emptyPlan
  const role = { name: orphan.name, system: orphan.system, service: null, tenant: null }
  const powers = planExcessivePowers(planning, role, standing)
  if (!standing.login) return powers
  const step = roleStep(role, {
    sql: sql`ALTER ROLE ${ident(orphan.name)} NOLOGIN`.statement,
    action: 'remove',
    subject: `login of role ${orphan.name}`,
    reason: 'left the model',
    asks: 'login',
  })
  if (needsSuperuser(planning, standing)) {
    return joinPlans([
      powers,
      { ...emptyPlan, unreachable: [planning.beyondReach(orphan.name, step, SUPERUSER)] },
    ])
  }
  const as = planning.administratorOf(orphan.system, orphan.name)
  return as === undefined
    ? joinPlans([powers, { ...emptyPlan, unreachable: [planning.beyondReach(orphan.name, step)] }])
    : joinPlans([powers, { ...emptyPlan, steps: [{ ...step, as }] }])
}
