import type { Target } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type AppliedFile, type LedgerState, readLedger } from '../state/index.ts'
import { openIfMade } from './open-if-made.ts'
import { schemaSizes } from './schema-sizes.ts'

/** What the database that a target lives in says of it. */
export interface TargetFacts {
  /** The highest version that is applied, as its file is named: `004_order_channel`; null: none yet. */
  readonly version: string | null
  /** Bytes on disk; null: not asked for, not readable now, or the schema does not exist yet. */
  readonly bytes: number | null
}

const ABSENT: TargetFacts = { version: null, bytes: null }

/**
 * Looks every target up where it lives: one connection per database, and there a number of queries that does
 * not grow with the targets. In the order of the targets.
 */
export async function readTargetFacts(
  context: Pick<ControlContext, 'databases'>,
  targets: readonly Target[],
  { sizes: withSizes }: { readonly sizes: boolean },
): Promise<readonly TargetFacts[]> {
  const facts = new Map<Target, TargetFacts>()
  for (const [database, here] of Map.groupBy(targets, (target) => target.database)) {
    await using connection = await openIfMade(context.databases, database)
    if (connection === null) continue
    const ledger = await readLedger(connection, [...new Set(here.map((target) => target.system))])
    const schemas = withSizes ? here.map((target) => target.schema) : []
    const sizes = await schemaSizes(connection, schemas)
    for (const target of here) {
      facts.set(target, { version: versionOf(ledger, target), bytes: sizes?.get(target.schema) ?? null })
    }
  }
  return targets.map((target) => facts.get(target) ?? ABSENT)
}

/** The name of the highest versioned file without its ending, as `panal status` has it. Repeatable files count by name. */
function versionOf(ledger: LedgerState, target: Target): string | null {
  const versioned = ledger.appliedTo(target).filter(({ item }) => /^\d+$/.test(item))
  const head = versioned.reduce<AppliedFile | undefined>(
    (highest, file) => (highest === undefined || isLater(file.item, highest.item) ? file : highest),
    undefined,
  )
  return head?.name.replace(/\.sql$/, '') ?? null
}

const isLater = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length)
