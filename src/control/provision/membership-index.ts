import type { ClusterFacts, MembershipFacts } from '../catalog/index.ts'

/** Memberships by either end, since a plan asks thousands of times. */
export class MembershipIndex {
  readonly #byRole: ReadonlyMap<string, readonly MembershipFacts[]>
  readonly #byMember: ReadonlyMap<string, readonly MembershipFacts[]>
  readonly #superuser: boolean
  readonly #reachable: ReadonlySet<string>
  readonly #inherited = new Map<string, ReadonlySet<string>>()

  constructor(facts: ClusterFacts) {
    this.#byRole = Map.groupBy(facts.memberships, (membership) => membership.role)
    this.#byMember = Map.groupBy(facts.memberships, (membership) => membership.member)
    this.#superuser = facts.operator.superuser
    this.#reachable = this.#closure(facts.operator.name, 'set')
  }

  ofRole(role: string): readonly MembershipFacts[] {
    return this.#byRole.get(role) ?? []
  }

  ofMember(member: string): readonly MembershipFacts[] {
    return this.#byMember.get(member) ?? []
  }

  /** Whether the operator may SET ROLE to it. */
  mayBecome(role: string): boolean {
    return this.#superuser || this.#reachable.has(role)
  }

  /** Whether one role has the other's rights without SET ROLE. */
  inherits(member: string, role: string): boolean {
    const known = this.#inherited.get(member) ?? this.#closure(member, 'inherit')
    this.#inherited.set(member, known)
    return known.has(role)
  }

  #closure(member: string, option: 'set' | 'inherit'): ReadonlySet<string> {
    const reached = new Set([member])
    // A set grows while it is iterated: each new role's own memberships are followed in turn.
    for (const role of reached) {
      for (const membership of this.ofMember(role)) if (membership[option]) reached.add(membership.role)
    }
    return reached
  }
}
