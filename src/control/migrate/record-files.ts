import { type LedgerFileText, recordLedgerFiles } from '../state/index.ts'
import type { FleetState } from './fleet-state.ts'
import type { MigrationFile } from './migration-file.ts'
import { itemOf } from './pending.ts'
import type { PlannedTarget } from './plan-targets.ts'

/** Records the pending files in every ledger and gives their numbers there, by database. */
export async function recordFiles(
  state: FleetState,
  planned: readonly PlannedTarget[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const numbers = new Map<string, Map<string, number>>()
  const wanted = new Map<string, Map<string, Set<MigrationFile>>>()
  for (const { target, pending } of planned) {
    const systems = wanted.get(target.database) ?? new Map<string, Set<MigrationFile>>()
    const files = systems.get(target.system) ?? new Set<MigrationFile>()
    for (const file of [...pending.versioned, ...pending.repeatable]) files.add(file)
    wanted.set(target.database, systems.set(target.system, files))
  }
  for (const [database, systems] of wanted) {
    const connection = state.connections.get(database)
    if (connection === undefined) continue
    const all = new Map<string, number>()
    for (const [system, files] of systems) {
      if (files.size === 0) continue
      const found = await recordLedgerFiles(connection, system, [...files].map(ledgerTextOf))
      for (const [key, number] of found) all.set(key, number)
    }
    numbers.set(database, all)
  }
  return numbers
}

/** A file as the ledger keeps it. */
export function ledgerTextOf(file: MigrationFile): LedgerFileText {
  const { system, service, name, checksum, text } = file
  return { system, service, name, item: itemOf(file), checksum, text }
}
