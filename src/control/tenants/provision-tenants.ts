import { formatTarget, type System, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { migrateFleet } from '../fleet/index.ts'
import { type FailedTarget, migrationStatus, type SystemMigrations } from '../migrate/index.ts'
import { appendAudit, listTargetRecords, setTargetStatus, setTenantStatus } from '../state/index.ts'
import { lanesOf } from './lanes.ts'
import { provisionTargets } from './provision-targets.ts'
import { type FailedSeed, seedTargets } from './seed-targets.ts'
import { tenantTargets } from './tenant-targets.ts'

export interface TenantWork {
  readonly system: System
  readonly migrations: SystemMigrations
  /** Recorded as `provisioning`. */
  readonly slugs: readonly string[]
  readonly seed: boolean
  /** The id of the run that does it. */
  readonly run: string
}

/** A target on which something failed: a migration where it names one, else a seed. */
export type TenantFailure = FailedTarget | FailedSeed

export interface TenantOutcome {
  readonly failed: readonly TenantFailure[]
  /** Whether a signal ended it before every tenant had its turn. */
  readonly interrupted: boolean
}

/**
 * Brings recorded tenants to where they are `active`, from wherever an earlier attempt left them. What is
 * active in the end is decided by a look at the ledgers, not by what this call believes it did.
 *
 * @throws what provisioning throws, which concerns all of them: a role that the server refuses, a taken name
 */
export async function provisionTenants(
  context: ControlContext,
  registry: Connection,
  work: TenantWork,
): Promise<TenantOutcome> {
  const { system, slugs, run } = work
  const targets = slugs.flatMap((slug) => tenantTargets(context.config, system, slug))
  await provisionTargets(context, registry, { system, targets, run })
  const failed: TenantFailure[] = [...(await migrateTargets(context, registry, work, targets))]
  const migrated = await fullyMigrated(context, work.migrations, targets)
  if (work.seed) failed.push(...(await seedTargets(context, system, migrated)))
  const interrupted = context.signal.aborted
  // Which of them the seeds reached before a signal nobody wrote down; they bear to be run again.
  if (!(interrupted && work.seed)) await activate(registry, work, targets, migrated, failed)
  return { failed, interrupted }
}

async function migrateTargets(
  context: ControlContext,
  registry: Connection,
  { system, migrations, run }: TenantWork,
  targets: readonly Target[],
): Promise<readonly FailedTarget[]> {
  // Files of a tenant may require files of the services that have one schema for all.
  const own = (await listTargetRecords(registry, [system.name])).filter(({ tenant }) => tenant === null)
  // Making a tenant's tables takes the server long enough that lanes need not be found out.
  const concurrency = Math.max(1, lanesOf(targets).length)
  const known = [...own, ...targets]
  const { failed } = await migrateFleet(context, {
    migrations: [migrations],
    targets,
    known,
    run,
    concurrency,
  })
  return failed
}

async function fullyMigrated(
  context: ControlContext,
  migrations: SystemMigrations,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  const statuses = await migrationStatus(context, [migrations], targets)
  return statuses
    .filter(({ pending, unfinished, problems }) => pending.length + problems.length === 0 && !unfinished)
    .map(({ target }) => target)
}

/** Calls the tenants active whose every target is as it should be. */
async function activate(
  registry: Connection,
  { system, slugs, run }: TenantWork,
  targets: readonly Target[],
  migrated: readonly Target[],
  failed: readonly TenantFailure[],
): Promise<void> {
  const behind = new Set(failed.map(({ target }) => target))
  const good = new Set(migrated.map(formatTarget).filter((target) => !behind.has(target)))
  const unfinished = new Set(
    targets.filter((target) => !good.has(formatTarget(target))).map(({ tenant }) => tenant),
  )
  const finished = slugs.filter((slug) => !unfinished.has(slug))
  await registry.transaction(async () => {
    await setTargetStatus(
      registry,
      targets.filter(({ tenant }) => !unfinished.has(tenant)),
      'active',
    )
    const changed = await setTenantStatus(registry, system.name, finished, 'active')
    const events = changed.map((slug) => ({
      action: 'tenant.provisioned',
      subject: `${system.name}/${slug}`,
    }))
    await appendAudit(registry, events, run)
  })
}
