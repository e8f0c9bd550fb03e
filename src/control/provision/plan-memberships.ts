import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import { type MembershipFacts, systemOfMarker } from '../catalog/index.ts'
import { covers, exceeds, grantMembership } from './membership-sql.ts'
import { emptyPlan, type Plan, type UnreachableStep } from './plan.ts'
import type { Platform } from './platform.ts'
import type { RolePlanning } from './role-planning.ts'
import { roleStep } from './role-step.ts'
import type { PlanStep } from './step.ts'
import { controlMemberships, type WantedMembership, type WantedRole } from './wanted-roles.ts'

/**
 * What separates the memberships of managed roles from those that the model wants.
 *
 * @param known every role that the model has, to tell what left it; null: only some targets are planned
 */
export function planMemberships(
  platform: Platform,
  roles: readonly WantedRole[],
  planning: RolePlanning,
  known: ReadonlySet<string> | null,
): Plan {
  const planner = new MembershipPlanner(planning)
  const bySystem = Map.groupBy(roles, (role) => role.system)
  for (const system of platform.selected) {
    const own = bySystem.get(system.name) ?? []
    for (const role of own) planner.compare(role)
    planner.letControlActFor(system.name, own)
    if (known !== null) planner.revokeOfOrphans(system.name, known)
  }
  return {
    ...emptyPlan,
    steps: planner.steps,
    unreachable: planner.unreachable,
    foreign: strangersIn(planning, roles),
  }
}

/** Members of managed roles whom Panal does not manage: through an owner they reach everything. */
function strangersIn(planning: RolePlanning, roles: readonly WantedRole[]): Plan['foreign'] {
  const { facts, memberships } = planning
  return roles.flatMap((role) =>
    memberships
      .ofRole(role.name)
      .filter((row) => !facts.roles.has(row.member) && row.member !== CONTROL_ROLE)
      .map((row) => ({
        grantee: row.member,
        grantor: row.grantor,
        subject: `membership in ${role.name}`,
        database: 'control',
      })),
  )
}

type RoleOrigin = Pick<WantedRole, 'system' | 'service' | 'tenant'>

class MembershipPlanner {
  readonly steps: PlanStep[] = []
  readonly unreachable: UnreachableStep[] = []
  readonly #planning: RolePlanning

  constructor(planning: RolePlanning) {
    this.#planning = planning
  }

  /** A managed role is a member of what the model says and of nothing else: any other edge leads out of its cell. */
  compare(role: WantedRole): void {
    const { facts, memberships } = this.#planning
    const standing = memberships.ofMember(role.name)
    const wantedOf = new Map(role.memberOf.map((membership) => [membership.role, membership]))
    const revoked = new Set<MembershipFacts>()
    for (const row of standing) {
      const wanted = wantedOf.get(row.role) ?? role.mayBeIn.get(row.role)
      if (wanted !== undefined && !exceeds(row, wanted, facts.serverMajor)) continue
      revoked.add(row)
      this.#revoke(role, row)
    }
    const standingIn = Map.groupBy(
      standing.filter((row) => !revoked.has(row)),
      (row) => row.role,
    )
    // The role's own creation step already connects it.
    const isNew = !facts.roles.has(role.name)
    for (const wanted of role.memberOf) {
      if (isNew && wanted.role === connectRole(role.system)) continue
      const rows = standingIn.get(wanted.role) ?? []
      if (!covers(rows, wanted, facts.serverMajor)) this.#grant(role, role.name, wanted)
    }
  }

  letControlActFor(system: string, roles: readonly WantedRole[]): void {
    const { facts, memberships } = this.#planning
    const standing = Map.groupBy(memberships.ofMember(CONTROL_ROLE), (row) => row.role)
    for (const wanted of controlMemberships(roles)) {
      if (!facts.roles.has(wanted.role)) continue
      if (covers(standing.get(wanted.role) ?? [], wanted, facts.serverMajor)) continue
      this.#grant({ system, service: null, tenant: null }, CONTROL_ROLE, wanted)
    }
  }

  revokeOfOrphans(system: string, known: ReadonlySet<string>): void {
    const creators = this.#planning.creatorsOf(system)
    for (const role of this.#planning.facts.roles.values()) {
      if (systemOfMarker(role.comment) !== system || known.has(role.name) || creators.has(role.name)) continue
      for (const row of this.#planning.memberships.ofMember(role.name)) {
        this.#revoke({ system, service: null, tenant: null }, row)
      }
    }
  }

  #grant(origin: RoleOrigin, member: string, wanted: WantedMembership): void {
    const step = roleStep(origin, {
      sql: grantMembership(member, wanted, this.#planning.facts.serverMajor).statement,
      action: 'create',
      subject: `membership of ${member} in ${wanted.role}`,
      reason: member === CONTROL_ROLE ? 'lets the control role act for the owner' : 'declared',
    })
    const as = this.#planning.administratorOf(origin.system, wanted.role)
    if (as === undefined) this.unreachable.push(this.#planning.beyondReach(wanted.role, step))
    else this.steps.push({ ...step, as })
  }

  #revoke(origin: RoleOrigin, row: MembershipFacts): void {
    const step = roleStep(origin, {
      sql: sql`REVOKE ${ident(row.role)} FROM ${ident(row.member)} CASCADE`.statement,
      action: 'remove',
      subject: `membership of ${row.member} in ${row.role}`,
      reason: 'not declared',
      asks: 'revoke',
    })
    const as = this.#revokerOf(origin.system, row)
    if (as !== undefined) this.steps.push({ ...step, as })
    else {
      const { sql: statement, subject } = step
      this.unreachable.push({ sql: statement, role: row.grantor, subject, database: 'control' })
    }
  }

  /** On 16+ an edge belongs to its grantor, and only who can become him takes it back. */
  #revokerOf(system: string, row: MembershipFacts): string | null | undefined {
    const { facts, memberships } = this.#planning
    if (facts.operator.superuser && facts.serverMajor < 16) return null
    if (facts.serverMajor < 16) return this.#planning.creatorsOf(system).any
    return memberships.mayBecome(row.grantor) ? row.grantor : undefined
  }
}
