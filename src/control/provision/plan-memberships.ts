import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import { ident, sql } from '../../postgres/index.ts'
import { type MembershipFacts, systemOfMarker } from '../catalog/index.ts'
import { covers, exceeds, grantMembership } from './membership-sql.ts'
import { emptyPlan, type Plan, type UnreachableStep } from './plan.ts'
import type { Platform } from './platform.ts'
import type { RolePlanning } from './role-planning.ts'
import type { PlanStep } from './step.ts'
import { controlMemberships, type WantedMembership, type WantedRole } from './wanted-roles.ts'

/** What separates the memberships of managed roles from those that the model wants. */
export function planMemberships(
  platform: Platform,
  roles: readonly WantedRole[],
  planning: RolePlanning,
): Plan {
  const planner = new MembershipPlanner(planning)
  const bySystem = Map.groupBy(roles, (role) => role.system)
  for (const system of platform.selected) {
    const own = bySystem.get(system.name) ?? []
    for (const role of own) planner.compare(system.name, role)
    planner.letControlActFor(system.name, own)
    if (platform.whole) planner.revokeOfOrphans(system.name, new Set(own.map((role) => role.name)))
  }
  return { ...emptyPlan, steps: planner.steps, unreachable: planner.unreachable }
}

class MembershipPlanner {
  readonly steps: PlanStep[] = []
  readonly unreachable: UnreachableStep[] = []
  readonly #planning: RolePlanning

  constructor(planning: RolePlanning) {
    this.#planning = planning
  }

  /** A managed role is a member of what the model says and of nothing else: any other edge leads out of its cell. */
  compare(system: string, role: WantedRole): void {
    const { facts, memberships } = this.#planning
    const standing = memberships.ofMember(role.name)
    const revoked = new Set<MembershipFacts>()
    for (const row of standing) {
      const wanted = role.memberOf.find((candidate) => candidate.role === row.role)
      if (wanted !== undefined && !exceeds(row, wanted, facts.serverMajor)) continue
      revoked.add(row)
      this.#revoke(system, row, role)
    }
    // The role's own creation step already connects it.
    const isNew = !facts.roles.has(role.name)
    for (const wanted of role.memberOf) {
      if (isNew && wanted.role === connectRole(system)) continue
      const rows = standing.filter((row) => row.role === wanted.role && !revoked.has(row))
      if (!covers(rows, wanted, facts.serverMajor)) this.#grant(system, role.name, wanted, role)
    }
  }

  letControlActFor(system: string, roles: readonly WantedRole[]): void {
    const { facts, memberships } = this.#planning
    const standing = memberships.ofMember(CONTROL_ROLE)
    for (const wanted of controlMemberships(roles)) {
      if (!facts.roles.has(wanted.role)) continue
      const rows = standing.filter((row) => row.role === wanted.role)
      if (!covers(rows, wanted, facts.serverMajor)) this.#grant(system, CONTROL_ROLE, wanted)
    }
  }

  revokeOfOrphans(system: string, wanted: ReadonlySet<string>): void {
    const creators = this.#planning.creatorsOf(system)
    for (const role of this.#planning.facts.roles.values()) {
      if (systemOfMarker(role.comment) !== system || wanted.has(role.name) || creators.has(role.name))
        continue
      for (const row of this.#planning.memberships.ofMember(role.name)) this.#revoke(system, row)
    }
  }

  #grant(system: string, member: string, wanted: WantedMembership, role?: WantedRole): void {
    const statement = grantMembership(member, wanted, this.#planning.facts.serverMajor).statement
    const subject = `membership of ${member} in ${wanted.role}`
    const as = this.#planning.administratorOf(system, wanted.role)
    if (as === undefined) {
      const admin = this.#planning.someAdministrator(wanted.role)
      this.unreachable.push({ sql: statement, role: admin, subject, database: 'control' })
      return
    }
    const reason = member === CONTROL_ROLE ? 'lets the control role act for the owner' : 'declared'
    this.steps.push({ ...base(system, role), as, sql: statement, action: 'create', subject, reason })
  }

  #revoke(system: string, row: MembershipFacts, role?: WantedRole): void {
    const statement = sql`REVOKE ${ident(row.role)} FROM ${ident(row.member)} CASCADE`.statement
    const subject = `membership of ${row.member} in ${row.role}`
    const as = this.#revokerOf(system, row)
    if (as === undefined) {
      this.unreachable.push({ sql: statement, role: row.grantor, subject, database: 'control' })
      return
    }
    this.steps.push({
      ...base(system, role),
      as,
      sql: statement,
      action: 'remove',
      subject,
      reason: 'not declared',
      asks: 'revoke',
    })
  }

  /** On 16+ an edge belongs to its grantor, and only who can become him takes it back. */
  #revokerOf(system: string, row: MembershipFacts): string | null | undefined {
    const { facts, memberships } = this.#planning
    if (facts.serverMajor < 16) {
      return facts.operator.superuser ? null : this.#planning.creatorsOf(system).all[0]
    }
    return memberships.mayBecome(row.grantor) ? row.grantor : undefined
  }
}

function base(
  system: string,
  role: WantedRole | undefined,
): Pick<PlanStep, 'phase' | 'system' | 'service' | 'tenant' | 'database'> {
  return {
    phase: 'roles',
    system,
    ...(role?.service == null ? {} : { service: role.service }),
    ...(role?.tenant == null ? {} : { tenant: role.tenant }),
    database: 'control',
  }
}
