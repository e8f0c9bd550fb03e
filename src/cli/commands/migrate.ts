import {
  type FleetResult,
  type MigratePlatformOptions,
  type MigrationPlan,
  migratePlatform,
  planMigration,
  type Share,
} from '../../control/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import {
  type CommandContext,
  defineCommand,
  duration,
  flag,
  integer,
  type OptionValues,
  text,
  usageError,
} from '../framework/index.ts'
import { fleetScreen, migrationPlanScreen } from '../screens/index.ts'
import { share, waves } from './migrate-options.ts'

const options = {
  to: text('VERSION', 'the last version to apply; default: all'),
  outOfOrder: flag('apply files below the head too'),
  dryRun: flag('print the SQL and the waves, and change nothing'),
  waves: waves('shares of the tenants, one after the other: 1,5%,100%; default: all at once'),
  bake: duration('MS', 'the pause between two waves: 60s, 5min; default: none'),
  maxFailures: share('stop when more fail; default: a wave goes on, the next does not begin'),
  maxLockWaits: share('stop when more targets of a wave meet a lock; default: no limit'),
  maxLag: duration('MS', 'stop when a replica is further behind; default: 30s with waves; 0: no limit'),
  lockTimeout: duration('MS', 'the longest wait of one statement for one lock; default: 5s'),
  concurrency: integer('N', 'connections to each database; default: it adapts', { min: 1, max: 100 }),
  batch: integer('N', 'targets per transaction; default: it adapts', { min: 1, max: 1_000 }),
  resume: text('RUN', 'go on with a run: what it left and what failed in it'),
  retryFailed: text('RUN', 'try the targets again that failed in a run'),
}

type Given = OptionValues<typeof options>

export const migrate = defineCommand({
  options,
  examples: [
    { line: 'panal migrate', says: 'apply what is pending, everywhere' },
    { line: 'panal migrate --system bo-tech --tenant acme', says: 'one tenant' },
    {
      line: 'panal migrate --system acc-lms --service courses --to 003',
      says: 'one service, up to a version',
    },
    {
      line: 'panal migrate --system bo-tech --waves 1,5%,100% --bake 60s',
      says: 'one tenant first, then a few, then all',
    },
    { line: 'panal migrate --dry-run', says: 'what would run, and where' },
    { line: 'panal migrate --retry-failed r-7f3a', says: 'once what failed is mended' },
  ],
  async run(command, given): Promise<FleetResult | MigrationPlan> {
    refuseContradictions(command, given)
    const context = await openContext(command)
    const chosen = workOf(command, given)
    return given.dryRun ? planMigration(context, chosen) : migratePlatform(context, chosen)
  },
  render: (result, terminal, { context }) =>
    isPlan(result)
      ? migrationPlanScreen(result, terminal, context.cwd)
      : fleetScreen(result, terminal, context.cwd),
  exitCode: (result) => (!isPlan(result) && isWrong(result) ? 1 : 0),
})

const isPlan = (result: FleetResult | MigrationPlan): result is MigrationPlan => Array.isArray(result.files)

const isWrong = ({ failed, skipped, stopped }: FleetResult): boolean =>
  failed.length > 0 || skipped.length > 0 || stopped !== null

function workOf(command: CommandContext, given: Given): MigratePlatformOptions {
  const { to, outOfOrder, bake, maxLag, lockTimeout, resume, retryFailed, ...limits } = given
  const { waves: shares, maxFailures, maxLockWaits, concurrency, batch } = limits
  return {
    selection: selectionOf(command.globals),
    outOfOrder,
    ...present('to', to),
    ...present('waves', shares),
    ...present('bakeMs', bake),
    ...present<'maxFailures', Share>('maxFailures', maxFailures),
    ...present<'maxLockWaits', Share>('maxLockWaits', maxLockWaits),
    ...present('maxReplicaLagMs', maxLag),
    ...present('lockTimeoutMs', lockTimeout),
    ...present('concurrency', concurrency),
    ...present('batch', batch),
    ...present('resume', resume),
    ...present('retryFailed', retryFailed),
  }
}

/** An option that was not given is absent, not undefined: the defaults are the library's. */
function present<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: T })
}

/** @throws PANAL_USAGE */
function refuseContradictions({ globals }: CommandContext, given: Given): void {
  const [name, other] =
    given.resume === undefined ? ['--retry-failed', given.retryFailed] : ['--resume', given.resume]
  if (other === undefined) return
  if (given.resume !== undefined && given.retryFailed !== undefined) {
    throw usageError('--resume and --retry-failed exclude each other.', '--resume tries failed targets too.')
  }
  const { systems = [], service, tenant } = selectionOf(globals)
  const chooses = systems.length > 0 || service !== undefined || tenant !== undefined
  if (chooses || given.to !== undefined || given.waves !== undefined || given.outOfOrder) {
    throw usageError(
      `${name} goes on with the targets, waves and versions of run ${other}.`,
      'Leave out --system, --service, --tenant, --to, --waves and --out-of-order.',
    )
  }
}
