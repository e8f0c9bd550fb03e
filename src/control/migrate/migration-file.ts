/** The up or the down part of a file. It begins at the first column of a line of the file. */
export interface Section {
  readonly sql: string
  /** The line of the file on which `sql` begins, from 1. */
  readonly firstLine: number
  /** False for `transaction:false`: each statement commits on its own. */
  readonly transaction: boolean
}

/** `-- requires: auth@002`: a version of another service that must be applied before this file. */
export interface Requirement {
  readonly service: string
  /** Canonical. */
  readonly version: string
  /** As it was written. */
  readonly text: string
  readonly line: number
}

interface FileCommon {
  readonly system: string
  readonly service: string
  /** Where it was read. */
  readonly path: string
  /** `001_initial.sql`. */
  readonly name: string
  /** Normalized. */
  readonly text: string
  /** Of the normalized text. */
  readonly checksum: string
  readonly up: Section
  readonly requires: readonly Requirement[]
}

/** `<version>_name.sql`: applied once to each target, in the order of the versions. */
export interface VersionedFile extends FileCommon {
  readonly kind: 'versioned'
  /** Canonical. */
  readonly version: string
  readonly down: Section | null
}

/** `R_name.sql`: applied again whenever its checksum changes, after the versioned files. */
export interface RepeatableFile extends FileCommon {
  readonly kind: 'repeatable'
}

export type MigrationFile = VersionedFile | RepeatableFile

/** The migrations of one service, checked: versioned ones by version, repeatable ones by name. */
export interface ServiceMigrations {
  readonly system: string
  readonly service: string
  readonly folder: string
  readonly versioned: readonly VersionedFile[]
  readonly repeatable: readonly RepeatableFile[]
}

/** `001_initial`: how a file is named to a person. */
export const labelOf = (file: Pick<MigrationFile, 'name'>): string => file.name.replace(/\.sql$/, '')
