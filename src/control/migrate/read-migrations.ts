import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PanalError, type Service } from '../../model/index.ts'
import { throwFileProblems } from './file-problems.ts'
import type { MigrationFile, RepeatableFile, ServiceMigrations, VersionedFile } from './migration-file.ts'
import { parseFile } from './parse-file.ts'
import { compareVersions } from './version.ts'

/**
 * Reads the migrations of a service from its folder. A folder that does not exist holds none; files
 * that do not end in `.sql` and folders are passed over.
 *
 * @throws PANAL_MIGRATION_NAME, PANAL_MIGRATION_FORMAT, PANAL_MIGRATION_VERSION_TWICE, naming every
 *   problem of the folder at once
 */
export function readMigrations(service: Service): ServiceMigrations {
  const problems: PanalError[] = []
  const files: MigrationFile[] = []
  for (const name of sqlFilesIn(service.migrationsFolder)) {
    try {
      const path = join(service.migrationsFolder, name)
      files.push(parseFile({ system: service.system, service: service.name, path, name }, readUtf8(path)))
    } catch (error) {
      if (!(error instanceof PanalError)) throw error
      problems.push(error)
    }
  }
  const versioned = files
    .filter((file): file is VersionedFile => file.kind === 'versioned')
    .sort((a, b) => compareVersions(a.version, b.version))
  problems.push(...equalVersions(versioned))
  throwFileProblems(problems)
  return {
    system: service.system,
    service: service.name,
    folder: service.migrationsFolder,
    versioned,
    repeatable: files.filter((file): file is RepeatableFile => file.kind === 'repeatable'),
  }
}

/** The names of the SQL files of a folder, in the order of their code units: the same on every machine. */
export function sqlFilesIn(folder: string): readonly string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new PanalError('PANAL_MIGRATION_UNREADABLE', `The folder ${folder} cannot be read.`, {
      place: { file: folder },
      cause: error,
    })
  }
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.sql') && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}

/** @throws PANAL_MIGRATION_UNREADABLE */
export function readUtf8(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    const reason = error instanceof TypeError ? 'is not UTF-8' : 'cannot be read'
    throw new PanalError('PANAL_MIGRATION_UNREADABLE', `${path} ${reason}.`, {
      place: { file: path },
      cause: error,
    })
  }
}

function equalVersions(sorted: readonly VersionedFile[]): PanalError[] {
  return sorted.flatMap((file, index) => {
    const previous = sorted[index - 1]
    if (previous === undefined || previous.version !== file.version) return []
    const message = `${previous.name} and ${file.name} have the same version, ${file.version}.`
    return [new PanalError('PANAL_MIGRATION_VERSION_TWICE', message, { place: { file: file.path } })]
  })
}
