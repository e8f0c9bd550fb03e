import { join } from 'node:path'
import type { RepeatableFile, ServiceMigrations, SystemMigrations, VersionedFile } from '../migrate/index.ts'
import type { AppliedFile } from '../state/index.ts'

/** Gives the text of a file that the ledger knows and the folder may no longer hold. */
export type LedgerText = (file: AppliedFile) => Promise<string | null>

/**
 * The migrations of a system cut down to what is applied. Versioned files come from the folder: a target whose
 * history contradicts it has no expected shape. A repeatable file that was edited since comes from the ledger.
 */
export async function appliedMigrations(
  migrations: SystemMigrations,
  appliedTo: (service: string) => readonly AppliedFile[],
  textOf: LedgerText,
): Promise<SystemMigrations> {
  const included = new Set<VersionedFile>()
  const services: ServiceMigrations[] = []
  for (const service of migrations.services) {
    const applied = appliedTo(service.service)
    const checksums = new Map(applied.map(({ item, checksum }) => [item, checksum]))
    const versioned = service.versioned.filter((file) => checksums.get(file.version) === file.checksum)
    for (const file of versioned) included.add(file)
    services.push({ ...service, versioned, repeatable: await repeatableAsApplied(service, applied, textOf) })
  }
  return { ...migrations, services, order: migrations.order.filter((file) => included.has(file)) }
}

async function repeatableAsApplied(
  service: ServiceMigrations,
  applied: readonly AppliedFile[],
  textOf: LedgerText,
): Promise<readonly RepeatableFile[]> {
  const files: RepeatableFile[] = []
  for (const entry of applied.filter(({ item }) => item.startsWith('R'))) {
    const present = service.repeatable.find(({ name }) => name === entry.name)
    if (present?.checksum === entry.checksum) files.push(present)
    else files.push(...(await fromLedger(service, entry, textOf)))
  }
  return files
}

async function fromLedger(
  { system, service, folder }: ServiceMigrations,
  entry: AppliedFile,
  textOf: LedgerText,
): Promise<readonly RepeatableFile[]> {
  const text = await textOf(entry)
  if (text === null) return []
  // A repeatable file has no other part than this one, and its marker is a comment of SQL.
  const up = { sql: text, firstLine: 1, transaction: true }
  const { name, checksum } = entry
  return [
    { kind: 'repeatable', system, service, path: join(folder, name), name, text, checksum, up, requires: [] },
  ]
}
