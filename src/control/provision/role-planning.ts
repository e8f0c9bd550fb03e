import type { System } from '../../model/index.ts'
import type { ClusterFacts } from '../catalog/index.ts'
import { administratorOf, Creators } from './creators.ts'
import { MembershipIndex } from './membership-index.ts'

/** What planning roles and planning memberships share: who may do it, and who will make what. */
export class RolePlanning {
  readonly facts: ClusterFacts
  readonly memberships: MembershipIndex
  readonly #creators: ReadonlyMap<string, Creators>
  readonly #planned = new Map<string, string>()

  constructor(systems: readonly System[], facts: ClusterFacts) {
    this.facts = facts
    this.memberships = new MembershipIndex(facts)
    this.#creators = new Map(systems.map(({ name }) => [name, new Creators(name, facts)]))
  }

  creatorsOf(system: string): Creators {
    return this.#creators.get(system)!
  }

  /** The creator that makes a role which does not stand yet. */
  creatorOf(system: string, role: string): string {
    const creator = this.#planned.get(role) ?? this.creatorsOf(system).next()
    this.#planned.set(role, creator)
    return creator
  }

  /** Who may alter a role or grant it. Null: the operator himself. Undefined: nobody that he can become. */
  administratorOf(system: string, role: string): string | null | undefined {
    const planned = this.#planned.get(role)
    if (planned !== undefined) return planned
    const creator = administratorOf(role, this.facts, this.memberships, this.creatorsOf(system))
    if (creator !== null) return creator
    return this.facts.operator.superuser ? null : undefined
  }

  /** Whom to ask where the operator cannot reach. */
  someAdministrator(role: string): string {
    return this.memberships.ofRole(role).find((membership) => membership.admin)?.member ?? 'a superuser'
  }
}
