import {
  labelOf,
  type MigrationFile,
  readSystemMigrations,
  type SystemMigrations,
  unifiedDiff,
} from '../migrate/index.ts'
import type { StopReason } from './fleet-result.ts'

/**
 * Whether a file of a run is another now than when the run began: the waves that follow would then
 * get what the folder does not hold any more. Reads the folders again.
 */
export function editedSince(
  migrations: readonly SystemMigrations[],
  files: readonly MigrationFile[],
): StopReason | null {
  const now = new Map(
    migrations
      .flatMap(({ system }) => readSystemMigrations(system).services)
      .flatMap(({ versioned, repeatable }): readonly MigrationFile[] => [...versioned, ...repeatable])
      .map((file) => [file.path, file]),
  )
  const edited = files.find((file) => now.get(file.path)?.checksum !== file.checksum)
  if (edited === undefined) return null
  const present = now.get(edited.path)
  const what = present === undefined ? 'is gone' : 'was changed'
  return {
    reason: 'edited',
    message: `${labelOf(edited)} ${what} while the run was under way. Restore it, then go on with the run.`,
    details:
      present === undefined ? [] : ['--- the run', '+++ now', ...unifiedDiff(edited.text, present.text)],
  }
}
