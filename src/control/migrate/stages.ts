import type { SystemMigrations } from './load-migrations.ts'
import type { MigrationFile, VersionedFile } from './migration-file.ts'
import type { PlannedTarget } from './plan-targets.ts'

/** What one target does in a stage. */
export interface StagePart {
  readonly planned: PlannedTarget
  readonly files: readonly MigrationFile[]
}

/**
 * Cuts a run into stages, each of one service: as many of its files as `requires` lets go together, on
 * all of its targets. A stage begins when the one before has ended. Repeatable files come last, since
 * they may look at the newest tables of other services.
 */
export function stagesOf(
  migrations: readonly SystemMigrations[],
  planned: readonly PlannedTarget[],
): readonly (readonly StagePart[])[] {
  return migrations.flatMap(({ system, order, services }) => {
    const ofService = (service: string): readonly PlannedTarget[] =>
      planned.filter(({ target }) => target.system === system.name && target.service === service)
    const versioned = sections(order).map((files) => {
      const wanted = new Set<MigrationFile>(files)
      const service = files[0]?.service ?? ''
      return partsOf(ofService(service), ({ pending }) =>
        pending.versioned.filter((file) => wanted.has(file)),
      )
    })
    const repeatable = services.map(({ service }) =>
      partsOf(ofService(service), ({ pending }) => pending.repeatable),
    )
    return [...versioned, ...repeatable]
  })
}

/** Neighbours of one service go together. */
function sections(order: readonly VersionedFile[]): readonly (readonly VersionedFile[])[] {
  const found: VersionedFile[][] = []
  for (const file of order) {
    const last = found.at(-1)
    if (last?.[0]?.service === file.service) last.push(file)
    else found.push([file])
  }
  return found
}

function partsOf(
  planned: readonly PlannedTarget[],
  filesOf: (planned: PlannedTarget) => readonly MigrationFile[],
): readonly StagePart[] {
  return planned
    .map((each) => ({ planned: each, files: filesOf(each) }))
    .filter(({ files }) => files.length > 0)
}
