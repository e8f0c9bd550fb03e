import { CONTROL_ROLE, connectRole } from '../../model/index.ts'
import type { ClusterFacts } from '../catalog/index.ts'
import { administratorOf, Creators } from './creators.ts'
import { MembershipIndex } from './membership-index.ts'
import { SUPERUSER, type UnreachableStep } from './plan.ts'

/** What planning roles, memberships and settings share: who may do it, and who will make what. */
export class RolePlanning {
  readonly facts: ClusterFacts
  readonly memberships: MembershipIndex
  readonly #creators: ReadonlyMap<string, Creators>
  readonly #planned = new Map<string, string>()

  /** @param systems names of those whose roles are planned */
  constructor(systems: readonly string[], facts: ClusterFacts) {
    this.facts = facts
    this.memberships = new MembershipIndex(facts)
    this.#creators = new Map(systems.map((name) => [name, new Creators(name, facts)]))
  }

  creatorsOf(system: string): Creators {
    return this.#creators.get(system)!
  }

  /** The creator that makes a role which does not stand yet, or takes over one that does. */
  creatorOf(system: string, role: string): string {
    const creator = this.#planned.get(role) ?? this.creatorsOf(system).next()
    this.#planned.set(role, creator)
    return creator
  }

  /** Who may alter a role or grant it. Null: the operator himself. Undefined: nobody that he can become. */
  administratorOf(system: string, role: string): string | null | undefined {
    const planned = this.#planned.get(role)
    if (planned !== undefined) return planned
    // Every creator has ADMIN on the group from its own making on.
    if (role === connectRole(system)) return this.creatorsOf(system).any
    const creator = administratorOf(role, this.facts, this.memberships, this.creatorsOf(system))
    if (creator !== null) return creator
    return this.facts.operator.superuser ? null : undefined
  }

  /** As {@link administratorOf}, for a role that stands or that this plan will make. */
  actorOn(system: string, role: string): string | null | undefined {
    return this.facts.roles.has(role) ? this.administratorOf(system, role) : this.creatorOf(system, role)
  }

  /**
   * Who takes CREATEDB away: only somebody who has it himself, as the control role does and creators do
   * not; it administers through them. Undefined: nobody that the operator can become.
   */
  databasePowerRemover(system: string, role: string): string | null | undefined {
    const administrator = this.administratorOf(system, role)
    return administrator === undefined || administrator === null ? administrator : CONTROL_ROLE
  }

  /** A statement about a role for whoever can run it: by default one who administers it. */
  beyondReach(
    role: string,
    { sql, subject }: { readonly sql: string; readonly subject: string },
    whom = this.memberships.ofRole(role).find((membership) => membership.admin)?.member ?? SUPERUSER,
  ): UnreachableStep {
    return { sql, role: whom, subject, database: 'control' }
  }
}
