import { PanalError } from '../../model/index.ts'
import { checksumOf, normalizeText } from './checksum.ts'
import type { MigrationFile, Requirement, Section } from './migration-file.ts'
import { isBlankSql } from './trivia.ts'
import { canonicalVersion } from './version.ts'

const VERSIONED_NAME = /^(\d+)_[A-Za-z0-9][A-Za-z0-9_.-]*\.sql$/
const REPEATABLE_NAME = /^R_[A-Za-z0-9][A-Za-z0-9_.-]*\.sql$/
const MARKER = /^--\s*migrate:(\S*)(.*)$/
const REQUIRES = /^--\s*requires\s*:(.*)$/
const REQUIREMENT = /^([a-z][a-z0-9_]*)@(\d+)$/

/** Where a file belongs and where it was read. */
export interface FileOrigin {
  readonly system: string
  readonly service: string
  readonly path: string
  /** The last part of `path`. */
  readonly name: string
}

interface Marker {
  readonly direction: 'up' | 'down'
  readonly transaction: boolean
  /** From 0. */
  readonly line: number
}

/**
 * Reads the form of one file: its name, the markers `-- migrate:up` and `-- migrate:down` with their
 * option `transaction:false`, and `-- requires:` lines. A file without a marker is all up. The SQL
 * itself is looked at by `checkFile`.
 *
 * @throws PANAL_MIGRATION_NAME, PANAL_MIGRATION_FORMAT
 */
export function parseFile(origin: FileOrigin, rawText: string): MigrationFile {
  const version = versionOf(origin)
  if (rawText.includes('\0'))
    throw formatError(origin, undefined, 'holds a zero byte; SQL files are UTF-8 text')
  const text = normalizeText(rawText)
  const lines = text.split('\n')
  const { up, down } = sectionsOf(origin, lines)
  const common = { ...origin, text, checksum: checksumOf(text), up, requires: requirementsOf(origin, lines) }
  if (version !== null) return { kind: 'versioned', version, down, ...common }
  if (down !== null) {
    throw formatError(
      origin,
      down.firstLine - 2,
      'a repeatable file has no down part: it is only ever replaced',
    )
  }
  if (!up.transaction) {
    throw formatError(origin, up.firstLine - 2, 'a repeatable file always runs in a transaction')
  }
  return { kind: 'repeatable', ...common }
}

/** The canonical version, or null for a repeatable file. */
function versionOf(origin: FileOrigin): string | null {
  const digits = VERSIONED_NAME.exec(origin.name)?.[1]
  if (digits !== undefined) return canonicalVersion(digits)
  if (REPEATABLE_NAME.test(origin.name)) return null
  throw new PanalError('PANAL_MIGRATION_NAME', `"${origin.name}" is no name of a migration.`, {
    place: { file: origin.path },
  })
}

function sectionsOf(origin: FileOrigin, lines: readonly string[]): { up: Section; down: Section | null } {
  const markers = lines.flatMap((line, index) => markerOf(origin, line, index) ?? [])
  if (markers.length === 0) {
    return {
      up: section(origin, lines, { direction: 'up', transaction: true, line: -1 }, lines.length),
      down: null,
    }
  }
  const [first, second, third] = markers
  if (first?.direction !== 'up') throw formatError(origin, first?.line, 'must begin with -- migrate:up')
  const extra = second?.direction === 'up' ? second : third
  if (extra !== undefined) throw formatError(origin, extra.line, `a second -- migrate:${extra.direction}`)
  if (!isBlankSql(lines.slice(0, first.line).join('\n'))) {
    throw formatError(origin, 0, 'SQL before -- migrate:up would never run')
  }
  return {
    up: section(origin, lines, first, second?.line ?? lines.length),
    down: second === undefined ? null : section(origin, lines, second, lines.length),
  }
}

function section(origin: FileOrigin, lines: readonly string[], marker: Marker, end: number): Section {
  const sql = lines.slice(marker.line + 1, end).join('\n')
  if (marker.direction === 'up' && isBlankSql(sql)) {
    throw formatError(origin, Math.max(marker.line, 0), 'has no statement to apply')
  }
  return { sql, firstLine: marker.line + 2, transaction: marker.transaction }
}

function markerOf(origin: FileOrigin, line: string, index: number): Marker | undefined {
  const match = MARKER.exec(line)
  if (match === null) return undefined
  const [, direction, rest = ''] = match
  if (direction !== 'up' && direction !== 'down') {
    throw formatError(origin, index, `"migrate:${direction}" is neither migrate:up nor migrate:down`)
  }
  const options = rest.split(/\s+/).filter((option) => option !== '')
  for (const option of options) {
    if (option !== 'transaction:false' && option !== 'transaction:true') {
      throw formatError(origin, index, `unknown option "${option}"; the only one is transaction:false`)
    }
  }
  return { direction, transaction: !options.includes('transaction:false'), line: index }
}

/** `-- requires:` counts in the head only, where no string can hold it; elsewhere it would be overlooked silently. */
function requirementsOf(origin: FileOrigin, lines: readonly string[]): readonly Requirement[] {
  const firstSql = lines.findIndex((line) => !/^\s*(--.*)?$/.test(line))
  return lines.flatMap((line, index) => {
    const list = REQUIRES.exec(line)?.[1]
    if (list === undefined) return []
    if (firstSql !== -1 && index > firstSql) {
      throw formatError(origin, index, '-- requires: must stand before the first statement')
    }
    const texts = list.split(/[\s,]+/).filter((text) => text !== '')
    if (texts.length === 0) throw formatError(origin, index, '-- requires: names nothing')
    return texts.map((text) => requirementOf(origin, text, index))
  })
}

function requirementOf(origin: FileOrigin, text: string, index: number): Requirement {
  const [, service, digits] = REQUIREMENT.exec(text) ?? []
  if (service === undefined || digits === undefined) {
    throw formatError(origin, index, `"${text}" is no requirement; write service@version, as in auth@002`)
  }
  if (service === origin.service) {
    throw formatError(origin, index, `"${text}" is of the same service, whose versions run in order anyway`)
  }
  return { service, version: canonicalVersion(digits), text, line: index + 1 }
}

/** @param line from 0 */
function formatError(origin: FileOrigin, line: number | undefined, message: string): PanalError {
  const place = line === undefined ? { file: origin.path } : { file: origin.path, line: line + 1 }
  return new PanalError('PANAL_MIGRATION_FORMAT', `${origin.name}: ${message}.`, { place })
}
