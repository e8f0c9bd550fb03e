import { creatorRole } from '../../model/index.ts'
import type { ClusterFacts } from '../catalog/index.ts'
import type { MembershipIndex } from './membership-index.ts'

/**
 * On PostgreSQL 16+ every role made is an edge of its creator, and each further one gets slower:
 * at 9,081 memberships CREATE ROLE takes 4.4 ms, through a small creator 0.2 ms.
 */
const ROLES_PER_CREATOR = 250

/** Deals out the creators of one system: which of them makes the next role. */
export class Creators {
  readonly #system: string
  readonly #counts = new Map<string, number>()
  readonly #existing: ReadonlySet<string>
  readonly #limited: boolean

  constructor(system: string, facts: ClusterFacts) {
    this.#system = system
    // Before 16 creating a role leaves no edge, and one creator serves all.
    this.#limited = facts.serverMajor >= 16
    for (let number = 1; facts.roles.has(creatorRole(system, number)); number++) {
      const name = creatorRole(system, number)
      this.#counts.set(name, facts.administered.get(name) ?? 0)
    }
    this.#existing = new Set(this.#counts.keys())
  }

  /** The creator of the next role, with room for it; a new one when all are full. */
  next(): string {
    for (const [name, count] of this.#counts) {
      if (this.#limited && count >= ROLES_PER_CREATOR) continue
      this.#counts.set(name, count + 1)
      return name
    }
    return this.#another(1)
  }

  /** One of them, whichever; made by this plan when there is none yet. */
  get any(): string {
    return this.all[0] ?? this.#another(0)
  }

  /** Creators dealt out that do not exist yet. */
  get missing(): readonly string[] {
    return this.all.filter((name) => !this.#existing.has(name))
  }

  get all(): readonly string[] {
    return [...this.#counts.keys()]
  }

  has(role: string): boolean {
    return this.#counts.has(role)
  }

  #another(roles: number): string {
    const name = creatorRole(this.#system, this.#counts.size + 1)
    this.#counts.set(name, roles)
    return name
  }
}

/** Who may change a role: before 16 any CREATEROLE role, since then whoever has ADMIN on it. Null: none of ours. */
export function administratorOf(
  role: string,
  facts: ClusterFacts,
  memberships: MembershipIndex,
  creators: Creators,
): string | null {
  if (facts.serverMajor < 16) return creators.any
  const admins = memberships.ofRole(role).filter((membership) => membership.admin)
  return admins.find((membership) => creators.has(membership.member))?.member ?? null
}
