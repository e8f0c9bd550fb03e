import type { Target } from '../../model/index.ts'
import type { ShapeTarget } from '../catalog/index.ts'

/** By the list that they were made from: a fleet asks once per target. */
const siblings = new WeakMap<readonly Target[], ReadonlyMap<string, readonly Target[]>>()

/** A target as its shape is read: with the schemas of the same tenant's other services, whose names go with its own. */
export function shapeTarget(target: Target, known: readonly Target[]): ShapeTarget {
  const { schema, owner, login, tenant } = target
  if (tenant === null) return { schema, owner, login }
  const byTenant = siblings.get(known) ?? groupedByTenant(known)
  siblings.set(known, byTenant)
  const others = (byTenant.get(keyOf(target)) ?? []).filter((other) => other.service !== target.service)
  if (others.length === 0) return { schema, owner, login }
  const related = new Map(others.map((other) => [`{${other.service}}`, other.schema]))
  return { schema, owner, login, related }
}

const groupedByTenant = (known: readonly Target[]): ReadonlyMap<string, readonly Target[]> =>
  Map.groupBy(
    known.filter(({ tenant }) => tenant !== null),
    keyOf,
  )

const keyOf = ({ system, tenant }: Target): string => `${system}/${tenant}`
