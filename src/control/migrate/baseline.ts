import { formatTarget, PanalError, type Target } from '../../model/index.ts'
import { withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { countApplied, insertBaseline, ledgerFileKey, recordLedgerFiles, targetLock } from '../state/index.ts'
import { FleetState } from './fleet-state.ts'
import { migrationsOf, type SystemMigrations } from './load-migrations.ts'
import { itemOf } from './pending.ts'
import { knownVersion, systemOf } from './plan-targets.ts'
import { ledgerTextOf } from './record-files.ts'
import { defaultWaitLimits } from './run-file.ts'
import { compareVersions } from './version.ts'

export interface BaselineOptions {
  readonly migrations: readonly SystemMigrations[]
  readonly targets: readonly Target[]
  /** The last version that the schemas hold already. */
  readonly to: string
  readonly run?: string
}

/** A target whose versions were recorded without running them. */
export interface BaselinedTarget {
  readonly target: Target
  /** How many versions were recorded. */
  readonly versions: number
}

/**
 * Adopts schemas that were made without Panal: records every version up to `to` as applied and runs
 * nothing. What the schema holds is not compared with the files.
 *
 * @throws PANAL_MIGRATION_VERSION_UNKNOWN, PANAL_BASELINE_REFUSED before anything is recorded
 */
export async function baseline(
  context: Pick<ControlContext, 'databases' | 'signal'>,
  { migrations, targets, to, run }: BaselineOptions,
): Promise<readonly BaselinedTarget[]> {
  const version = knownVersion(migrations, targets, to)
  await using state = await FleetState.open(context, targets)
  for (const target of targets) {
    if (state.appliedAtStart(target).length > 0) throw refusal(target)
  }
  const done: BaselinedTarget[] = []
  for (const target of targets) {
    context.signal.throwIfAborted()
    done.push(await baselineTarget(state, systemOf(migrations, target), target, version, run ?? null))
  }
  return done
}

async function baselineTarget(
  state: FleetState,
  migrations: SystemMigrations,
  target: Target,
  version: string,
  run: string | null,
): Promise<BaselinedTarget> {
  const connection = state.connection(target)
  const { versioned } = migrationsOf(migrations, target.service)
  const files = versioned.filter((file) => compareVersions(file.version, version) <= 0)
  const numbers = await recordLedgerFiles(connection, target.system, files.map(ledgerTextOf))
  const lock = { timeoutMs: defaultWaitLimits.deadlineMs, subject: `target ${formatTarget(target)}` }
  await withAdvisoryLock(connection, targetLock(target.schema), lock, async () => {
    // Another run may have migrated it since its ledger was read.
    if ((await countApplied(connection, target)) > 0) throw refusal(target)
    const entries = files.map((file) => ({ item: itemOf(file), file: numbers.get(ledgerFileKey(file)) ?? 0 }))
    await insertBaseline(connection, target, entries, run)
  })
  return { target, versions: files.length }
}

function refusal(target: Target): PanalError {
  const message = `${formatTarget(target)} has migrations recorded already; nothing was recorded.`
  return new PanalError('PANAL_BASELINE_REFUSED', message)
}
