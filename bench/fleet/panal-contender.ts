import type { MigratePlatformOptions } from '../../src/control/index.ts'
import type { BenchFleetSystem } from './bench-fleet-system.ts'
import { type Contender, migrationOf } from './contender.ts'

export type PaceSettings = Pick<MigratePlatformOptions, 'concurrency' | 'batch'>

export const formatPace = ({ concurrency, batch }: PaceSettings): string =>
  concurrency === undefined || batch === undefined
    ? 'it adapts'
    : `${concurrency} lanes of ${batch} to a transaction`

/** Panal's engine as `panal migrate` calls it: registry, ledger, run record, locks and error isolation. */
export function panalContender(fleet: BenchFleetSystem, pace: PaceSettings = {}): Contender {
  return {
    name: `panal, ${formatPace(pace)}`,
    schemas: fleet.schemas,
    prepare: (column) => fleet.write(migrationOf(column)),
    migrate: async () => {
      await fleet.migrate(pace)
    },
  }
}
