import { PanalError, type System } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { loadMigrations, type SystemMigrations } from '../migrate/index.ts'
import { type SpareTaking, takeSpare } from '../pool/index.ts'
import { masterKeyOf, Run, requireRegistry, type TenantMetadata } from '../state/index.ts'
import { findSystem, tenantServices } from './find-system.ts'
import { readTenantViews } from './list-tenants.ts'
import { checkMetadata } from './metadata-problems.ts'
import { OpenDatabases } from './open-databases.ts'
import { provisionTenants, type TenantFailure } from './provision-tenants.ts'
import { refillPool } from './refill-pool.ts'
import { refuseUnmarked } from './refuse-unmarked.ts'
import { registerTenants, type WantedTenants } from './register-tenants.ts'
import { newSlugProblem } from './slug-problems.ts'
import { sparedViews } from './spared-views.ts'
import { tenantTargets } from './tenant-targets.ts'
import type { TenantView } from './tenant-view.ts'

export type CreateTenantsOptions = WantedTenants & {
  readonly system: string
  /** Recorded of each new tenant. Default: nothing. */
  readonly metadata?: TenantMetadata
  /** Whether to run the seeds. Default: false. */
  readonly seed?: boolean
  /** Whether to fill the pool again before it returns. Default: true. */
  readonly refill?: boolean
}

export interface CreateTenantsResult {
  readonly run: string
  /** The tenants that this call worked on, finished or not, without their sizes. */
  readonly tenants: readonly TenantView[]
  readonly failed: readonly TenantFailure[]
  /** Whether a signal ended it before every tenant had its turn. */
  readonly interrupted: boolean
}

/**
 * Creates tenants: records them as `provisioning`, then makes roles, schemas, default privileges and tables,
 * runs the seeds, and calls them `active`. Every step looks at what stands, so after a kill at any point
 * the next call for the same slugs (or `apply`) finishes the work. A tenant that fails keeps
 * what it has, stays `provisioning` and does not stop the others.
 *
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_TENANT_UNSUPPORTED, PANAL_TENANT_METADATA, PANAL_USAGE, what reading the
 *   migrations throws, PANAL_NOT_PROVISIONED, PANAL_MASTER_KEY_MISMATCH, PANAL_TENANT_SLUG,
 *   PANAL_TENANT_EXISTS, PANAL_UNMARKED_EXISTS: before anything is recorded
 */
export async function createTenants(
  context: ControlContext,
  options: CreateTenantsOptions,
): Promise<CreateTenantsResult> {
  const system = findSystem(context.config, options.system)
  tenantServices(system)
  checkMetadata(options.metadata ?? {})
  checkWanted(options)
  const migrations = await loadMigrations(system)
  await using databases = new OpenDatabases(context.databases)
  prepareDatabases(context, databases, system, options)
  await using registry = await requireRegistry(context)
  const masterKey = await masterKeyOf(registry, context.secrets)
  const metadata = options.metadata ?? {}
  const { created, resumed } = await registerTenants(
    registry,
    context.config,
    system,
    options,
    metadata,
    (targets) => refuseUnmarked(databases, system.name, targets),
  )
  const slugs = [...resumed, ...created]
  const seed = options.seed ?? false
  return await recorded(context, system, { created, resumed }, async (run) => {
    const borrow = databases.borrow.bind(databases)
    const taking = { migrations, masterKey, activate: !seed, run, borrow }
    const spared = await takeSpares(context, registry, created, taking)
    // A spare becomes a finished tenant but for the seeds.
    const rest = seed ? slugs : slugs.filter((slug) => !spared.has(slug))
    if (rest.length === 0) {
      const tenants = await sparedViews(registry, migrations, slugs)
      await refill(context, registry, migrations, await run, options)
      return { ...FINISHED, tenants }
    }
    const work = { system, migrations, slugs: rest, seed, run: await run }
    const outcome = await provisionTenants(context, registry, work)
    const selection = { systems: [system.name], slugs, sizes: false }
    const tenants = await readTenantViews(context, registry, selection)
    await refill(context, registry, migrations, work.run, options)
    return { ...outcome, tenants }
  })
}

/** Where named tenants will live is known before the registry is open; opening both at once takes the time of one. */
function prepareDatabases(
  { config }: ControlContext,
  databases: OpenDatabases,
  system: System,
  wanted: WantedTenants,
): void {
  if (!('slugs' in wanted)) return
  const [slug] = wanted.slugs
  if (slug === undefined || newSlugProblem(config, system, slug) !== undefined) return
  for (const { database } of tenantTargets(config, system, slug)) databases.prepare(database)
}

async function refill(
  context: ControlContext,
  registry: Connection,
  migrations: SystemMigrations,
  run: string,
  options: CreateTenantsOptions,
): Promise<void> {
  if (options.refill ?? true) await refillPool(context, registry, migrations, run)
}

const FINISHED = { failed: [], interrupted: false } as const

/** Makes new tenants of spares as long as there are any; whose these are. */
async function takeSpares(
  context: ControlContext,
  registry: Connection,
  slugs: readonly string[],
  taking: Omit<SpareTaking, 'slug'>,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>()
  for (const slug of slugs) {
    if (context.signal.aborted || !(await takeSpare(context, registry, { ...taking, slug }))) break
    taken.add(slug)
  }
  return taken
}

function checkWanted(wanted: WantedTenants): void {
  if ('slugs' in wanted) {
    if (wanted.slugs.length > 0) return
    throw new PanalError('PANAL_USAGE', 'No tenant is named.', {
      remedy: 'Give a slug, or --count and --prefix.',
    })
  }
  if (Number.isInteger(wanted.count) && wanted.count > 0) return
  throw new PanalError('PANAL_USAGE', `${wanted.count} is no number of tenants.`, {
    remedy: 'Give --count a whole number from 1 on.',
  })
}

/**
 * Does the work as a run of the registry, whatever becomes of it. The work begins while the run is being recorded,
 * on a connection of its own, and waits for it where it has to name it.
 */
async function recorded(
  context: ControlContext,
  system: System,
  slugs: Readonly<Record<'created' | 'resumed', readonly string[]>>,
  work: (run: Promise<string>) => Promise<Omit<CreateTenantsResult, 'run'>>,
): Promise<CreateTenantsResult> {
  const starting = Run.start(context, 'tenant create', { system: system.name, ...slugs })
  const id = starting.then((run) => run.id)
  // Whoever awaits it hears of a failure; work that ends before must not leave it unheard.
  id.catch(() => undefined)
  const [outcome] = await Promise.allSettled([work(id)])
  await using run = await starting
  if (outcome.status === 'fulfilled') {
    const { failed, interrupted, tenants } = outcome.value
    const ending = interrupted ? 'interrupted' : failed.length > 0 ? 'failed' : 'succeeded'
    await run.finish(ending, { tenants: tenants.map(({ slug, status }) => ({ slug, status })), failed })
    return { run: run.id, ...outcome.value }
  }
  const error: unknown = outcome.reason
  const code = error instanceof PanalError ? error.code : 'PANAL_INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  // The error of the work matters more than that of writing it down; unwritten, the run is found lost.
  await run
    .finish(context.signal.aborted ? 'interrupted' : 'failed', { error: { code, message } })
    .catch(() => undefined)
  throw error
}
