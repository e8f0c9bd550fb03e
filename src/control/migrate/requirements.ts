import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import { labelOf, type MigrationFile } from './migration-file.ts'

/** The targets of one service. */
interface ServiceTargets {
  readonly all: readonly Target[]
  /** Those without a tenant. */
  readonly shared: readonly Target[]
  /** Each tenant's, and the shared ones. */
  readonly byTenant: ReadonlyMap<string, readonly Target[]>
}

/** By the list that they were made from: a fleet asks once per file and target. */
const indexes = new WeakMap<readonly Target[], ReadonlyMap<string, ServiceTargets>>()

/** The targets of another service that a target's files depend on: of the same tenant where both have tenants. */
export function relatedTargets(target: Target, service: string, known: readonly Target[]): readonly Target[] {
  const index = indexes.get(known) ?? indexOf(known)
  indexes.set(known, index)
  const found = index.get(`${target.system}/${service}`)
  if (found === undefined) return []
  return target.tenant === null ? found.all : (found.byTenant.get(target.tenant) ?? found.shared)
}

function indexOf(known: readonly Target[]): ReadonlyMap<string, ServiceTargets> {
  const index = new Map<string, ServiceTargets>()
  for (const [key, all] of Map.groupBy(known, ({ system, service }) => `${system}/${service}`)) {
    const shared = all.filter(({ tenant }) => tenant === null)
    const byTenant = new Map<string, readonly Target[]>()
    for (const [tenant, own] of Map.groupBy(all, (target) => target.tenant)) {
      if (tenant !== null) byTenant.set(tenant, [...shared, ...own])
    }
    index.set(key, { all, shared, byTenant })
  }
  return index
}

/** @throws PANAL_MIGRATION_REQUIRES_UNMET when something that a file requires is not applied */
export function checkRequirements(
  file: MigrationFile,
  target: Target,
  known: readonly Target[],
  isApplied: (target: Target, item: string) => boolean,
): void {
  for (const { service, version, text, line } of file.requires) {
    const related = relatedTargets(target, service, known)
    const unmet = related.find((other) => !isApplied(other, version))
    if (related.length > 0 && unmet === undefined) continue
    const where = unmet === undefined ? `service ${service}, which has no schema yet` : formatTarget(unmet)
    throw new PanalError(
      'PANAL_MIGRATION_REQUIRES_UNMET',
      `${labelOf(file)} on ${formatTarget(target)} requires ${text}, which is not applied to ${where}.`,
      { place: { file: file.path, line } },
    )
  }
}
