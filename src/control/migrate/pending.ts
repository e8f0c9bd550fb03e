import type { AppliedFile } from '../state/index.ts'
import type { MigrationFile, RepeatableFile, ServiceMigrations, VersionedFile } from './migration-file.ts'
import { compareVersions, isVersion } from './version.ts'

export interface PendingOptions {
  /** The last version to apply, canonical. Default: all. */
  readonly to?: string | undefined
  /** Applies versions below the head too. Default false. */
  readonly outOfOrder?: boolean | undefined
}

/** Why a target's history and the folder do not go together. */
export type HistoryProblem =
  | { readonly kind: 'edited'; readonly file: VersionedFile; readonly applied: AppliedFile }
  | { readonly kind: 'missing'; readonly applied: AppliedFile }
  | { readonly kind: 'below-head'; readonly file: VersionedFile; readonly head: AppliedFile }

/** What a target in a given state needs. */
export interface Pending {
  /** By version. */
  readonly versioned: readonly VersionedFile[]
  /** Those whose checksum is not the applied one; none while `to` holds versions back. */
  readonly repeatable: readonly RepeatableFile[]
  /** The highest version applied, or null. */
  readonly head: AppliedFile | null
  readonly problems: readonly HistoryProblem[]
}

/** Compares a service's files with what is applied to one of its targets. Pure. */
export function pendingOf(
  migrations: ServiceMigrations,
  applied: readonly AppliedFile[],
  { to, outOfOrder = false }: PendingOptions = {},
): Pending {
  const appliedItems = new Map(applied.map((file) => [file.item, file]))
  const head = headOf(applied)
  const wanted = migrations.versioned.filter(
    ({ version }) => to === undefined || compareVersions(version, to) <= 0,
  )
  const versioned = wanted.filter(({ version }) => !appliedItems.has(version))
  const holdsBack = wanted.length < migrations.versioned.length
  const changed = migrations.repeatable.filter(
    (file) => appliedItems.get(file.name)?.checksum !== file.checksum,
  )
  const below =
    head === null || outOfOrder
      ? []
      : versioned.filter(({ version }) => compareVersions(version, head.item) < 0)
  return {
    versioned,
    // They are written against the newest version, so they wait until it is there.
    repeatable: holdsBack ? [] : changed,
    head,
    problems: [
      ...historyProblems(migrations, applied),
      ...(head === null ? [] : below.map((file): HistoryProblem => ({ kind: 'below-head', file, head }))),
    ],
  }
}

/** The highest version applied. Repeatable files have none. */
export function headOf(applied: readonly AppliedFile[]): AppliedFile | null {
  return applied.reduce<AppliedFile | null>((head, file) => {
    if (!isVersion(file.item)) return head
    return head === null || compareVersions(file.item, head.item) > 0 ? file : head
  }, null)
}

/** The name under which a file stands in the ledger. */
export const itemOf = (file: MigrationFile): string => (file.kind === 'versioned' ? file.version : file.name)

function historyProblems(
  migrations: ServiceMigrations,
  applied: readonly AppliedFile[],
): readonly HistoryProblem[] {
  const byVersion = new Map(migrations.versioned.map((file) => [file.version, file]))
  return applied.flatMap((row): readonly HistoryProblem[] => {
    // A repeatable file that is gone leaves its views where they are.
    if (!isVersion(row.item)) return []
    const file = byVersion.get(row.item)
    if (file === undefined) return [{ kind: 'missing', applied: row }]
    return file.checksum === row.checksum ? [] : [{ kind: 'edited', file, applied: row }]
  })
}
