import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import { labelOf, type MigrationFile } from './migration-file.ts'

/** The targets of another service that a target's files depend on: of the same tenant where both have tenants. */
export function relatedTargets(target: Target, service: string, known: readonly Target[]): readonly Target[] {
  return known.filter(
    (other) =>
      other.system === target.system &&
      other.service === service &&
      (other.tenant === null || target.tenant === null || other.tenant === target.tenant),
  )
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
