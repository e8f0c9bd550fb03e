import type { Privilege } from '../catalog/index.ts'

/** Who may do what on one object: role to privileges. */
export type Rights = ReadonlyMap<string, ReadonlySet<Privilege>>

/** Collects rights from several declarations; the same right declared twice is one right. */
export class RightsBuilder {
  readonly #rights = new Map<string, Set<Privilege>>()

  add(role: string | null, privileges: Iterable<Privilege>): this {
    if (role === null) return this
    const set = this.#rights.get(role) ?? new Set()
    for (const privilege of privileges) set.add(privilege)
    if (set.size > 0) this.#rights.set(role, set)
    return this
  }

  get rights(): Rights {
    return this.#rights
  }
}

/** What a login may do with its own data: nothing that changes the shape, empties a table or hands rights on. */
export const DML: readonly Privilege[] = ['select', 'insert', 'update', 'delete']
