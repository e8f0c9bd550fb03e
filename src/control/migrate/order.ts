import { nearest, PanalError } from '../../model/index.ts'
import type { Requirement, ServiceMigrations, VersionedFile } from './migration-file.ts'

/**
 * The versioned files of one system in the order in which they are applied: each service's by version,
 * each after what it requires, otherwise services in the order in which they are given.
 *
 * @throws PANAL_MIGRATION_REQUIRES_UNKNOWN for a service or version that does not exist
 * @throws PANAL_MIGRATION_CYCLE naming the circle
 */
export function orderFiles(services: readonly ServiceMigrations[]): readonly VersionedFile[] {
  const ordered: VersionedFile[] = []
  const finished = new Set<VersionedFile>()
  const path: VersionedFile[] = []

  const visit = (file: VersionedFile, migrations: ServiceMigrations): void => {
    if (finished.has(file)) return
    if (path.includes(file)) throw cycleError([...path.slice(path.indexOf(file)), file])
    path.push(file)
    const before = migrations.versioned[migrations.versioned.indexOf(file) - 1]
    if (before !== undefined) visit(before, migrations)
    for (const requirement of file.requires) {
      const { file: required, migrations: owner } = resolveRequirement(services, file, requirement)
      visit(required, owner)
    }
    path.pop()
    finished.add(file)
    ordered.push(file)
  }

  for (const migrations of services) {
    for (const file of migrations.versioned) visit(file, migrations)
    for (const file of migrations.repeatable) {
      for (const requirement of file.requires) resolveRequirement(services, file, requirement)
    }
  }
  return ordered
}

/** The file that a requirement names. */
export function resolveRequirement(
  services: readonly ServiceMigrations[],
  from: Pick<VersionedFile, 'path' | 'name'>,
  { service, version, text, line }: Requirement,
): { file: VersionedFile; migrations: ServiceMigrations } {
  const migrations = services.find((candidate) => candidate.service === service)
  const file = migrations?.versioned.find((candidate) => candidate.version === version)
  if (migrations !== undefined && file !== undefined) return { file, migrations }
  const place = { file: from.path, line }
  if (migrations === undefined) {
    const names = services.map((candidate) => candidate.service)
    const suggestion = nearest(service, names)
    throw new PanalError(
      'PANAL_MIGRATION_REQUIRES_UNKNOWN',
      `${from.name} requires ${text}: there is no such service.`,
      {
        place,
        remedy:
          suggestion === undefined ? `The services are ${names.join(', ')}.` : `Did you mean ${suggestion}?`,
      },
    )
  }
  throw new PanalError(
    'PANAL_MIGRATION_REQUIRES_UNKNOWN',
    `${from.name} requires ${text}: ${service} has no migration of this version.`,
    { place, details: migrations.versioned.map(({ name }) => `${service} has ${name}`) },
  )
}

function cycleError(circle: readonly VersionedFile[]): PanalError {
  const steps = circle.map((file) => `${file.service}/${file.name}`)
  const [first] = circle
  return new PanalError('PANAL_MIGRATION_CYCLE', `Migrations require each other: ${steps.join(' → ')}.`, {
    ...(first === undefined ? {} : { place: { file: first.path } }),
  })
}
