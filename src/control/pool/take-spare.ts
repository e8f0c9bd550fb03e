import { PanalError, type System, type Target } from '../../model/index.ts'
import {
  type Connection,
  describeServerError,
  type LockKey,
  lockKey,
  scramVerifier,
  serverErrorOf,
  withAdvisoryLock,
} from '../../postgres/index.ts'
import type { ControlContext, ProgressEvent, ProgressListener } from '../context/index.ts'
import { migrationsOf, pendingOf, type SystemMigrations } from '../migrate/index.ts'
import { derivePassword } from '../secrets/index.ts'
import {
  type AppliedFile,
  appendAudit,
  deleteTenantRecord,
  FIRST_ROTATION,
  listTargetRecords,
  lockSpareTenant,
  rotationsOf,
  setTargetStatus,
  setTenantStatus,
} from '../state/index.ts'
import { poolSizeOf } from './register-spares.ts'
import { renameTarget } from './rename-target.ts'
import { SPARE_PREFIX } from './spare-slug.ts'

/** What every apply holds while it changes roles, and the schemas of a database: it must not see half a rename. */
const CLUSTER_LOCK = lockKey('panal', 'cluster')
const SCHEMAS_LOCK = lockKey('panal', 'schemas')
/** Whoever cannot have the lock soon does not wait for an apply of minutes: the slow way waits its turn. */
const LOCK_TIMEOUT_MS = 1_000

export interface SpareTaking {
  readonly migrations: SystemMigrations
  /** A tenant that the registry has as `provisioning`, and of which nothing stands yet. */
  readonly slug: string
  readonly masterKey: Buffer
  /** Whether the tenant is finished with that; not while its seeds remain to be run. */
  readonly activate: boolean
  /** The run that does it, as soon as it is recorded. */
  readonly run: Promise<string>
  /** Lends a connection to a database, as the control role; null: it is not made yet. */
  readonly borrow: (database: string) => Promise<Connection | null>
}

/**
 * Makes a spare a tenant: its schemas, logins and rows of the ledgers are renamed, its records of the registry go.
 *
 *     spare's record locked → renamed, a transaction in each database → spare forgotten, tenant active
 *
 * Killed anywhere, nothing is lost. Before the rename the spare is a spare still; after it the tenant has all that
 * it needs, so the next `tenant create` or `apply` finds it finished, and makes what the spare's record then
 * misses. What cannot be renamed (another placement, behind the head, bodies that hold the name) is left.
 *
 * @param registry in no transaction
 * @returns whether the tenant has its schemas; if not, they are made the slow way
 */
export async function takeSpare(
  context: Pick<ControlContext, 'onProgress' | 'signal'>,
  registry: Connection,
  taking: SpareTaking,
): Promise<boolean> {
  const { system } = taking.migrations
  if (poolSizeOf(system) === 0) return false
  const wanted = await listTargetRecords(registry, [system.name], [taking.slug])
  const databases = new Map<string, Connection>()
  for (const key of new Set(wanted.map(({ database }) => database))) {
    const connection = await taking.borrow(key)
    if (connection === null) return false
    databases.set(key, connection)
  }
  const locks = [
    { connection: registry, key: CLUSTER_LOCK, subject: 'roles and databases' },
    ...[...databases.values()].map((connection) => {
      return { connection, key: SCHEMAS_LOCK, subject: `the schemas of database ${connection.database}` }
    }),
  ]
  try {
    return await withLocks(locks, context.signal, () =>
      registry.transaction(() => takeLocked(registry, databases, taking, context.onProgress)),
    )
  } catch (error) {
    const reason = refusalOf(error)
    if (reason === undefined || registry.lost) throw error
    context.onProgress(note(system, reason))
    return false
  }
}

interface WantedLock {
  readonly connection: Connection
  readonly key: LockKey
  readonly subject: string
}

async function withLocks<Result>(
  [first, ...rest]: readonly WantedLock[],
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  if (first === undefined) return await work()
  const options = { timeoutMs: LOCK_TIMEOUT_MS, subject: first.subject, signal }
  return await withAdvisoryLock(first.connection, first.key, options, () => withLocks(rest, signal, work))
}

const note = (system: System, line: string): ProgressEvent => ({
  kind: 'note',
  line: `No spare of ${system.name} used: ${line}`,
})

/** What the server or an apply under way refuses is left to the slow way, which says so better or waits. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof PanalError) return error.code === 'PANAL_LOCK_TIMEOUT' ? error.message : undefined
  const server = serverErrorOf(error)
  return server && describeServerError(server)[0]
}

async function takeLocked(
  registry: Connection,
  databases: ReadonlyMap<string, Connection>,
  { migrations, slug, masterKey, activate, run }: SpareTaking,
  onProgress: ProgressListener,
): Promise<boolean> {
  const { system } = migrations
  const spare = await lockSpareTenant(registry, system.name, SPARE_PREFIX)
  if (spare === null) return false
  const pairs = pairsOf(await listTargetRecords(registry, [system.name], [spare, slug]), spare, slug)
  if (pairs === null) return false
  const logins = pairs.flatMap(({ to }) => to.login ?? [])
  const rotations = await rotationsOf(registry, 'password', logins)
  for (const { from, to } of pairs) {
    const login = to.login ?? ''
    const password = derivePassword(masterKey, login, rotations.get(login) ?? FIRST_ROTATION)
    const obstacle = await renameTarget(databases.get(to.database)!, {
      system,
      from,
      to,
      isHead: (applied) => isHead(migrations, to.service, applied),
      verifier: await scramVerifier(password),
    })
    if (obstacle === 'gone') await setTenantStatus(registry, system.name, [spare], 'provisioning')
    if (typeof obstacle === 'object' && obstacle !== null) {
      onProgress(note(system, `${obstacle.pinned.join(', ')} hold the name of the schema`))
    }
    if (obstacle !== null) return false
  }
  await deleteTenantRecord(registry, system.name, spare)
  if (activate) {
    await setTargetStatus(
      registry,
      pairs.map(({ to }) => to),
      'active',
    )
    await setTenantStatus(registry, system.name, [slug], 'active')
  }
  await appendAudit(
    registry,
    [{ action: 'tenant.provisioned', subject: `${system.name}/${slug}`, detail: { spare } }],
    await run,
  )
  return true
}

interface Pair {
  readonly from: Target
  readonly to: Target
}

/** The schemas of the spare and what each becomes, or null where a tenant lives in other databases than the spare. */
function pairsOf(records: readonly Target[], spare: string, slug: string): readonly Pair[] | null {
  const wanted = records.filter(({ tenant }) => tenant === slug)
  const pairs = wanted.flatMap((to) =>
    records
      .filter((from) => from.tenant === spare && from.service === to.service && from.database === to.database)
      .map((from) => ({ from, to })),
  )
  return pairs.length === wanted.length && wanted.length > 0 ? pairs : null
}

function isHead(migrations: SystemMigrations, service: string, applied: readonly AppliedFile[]): boolean {
  const { versioned, repeatable, problems } = pendingOf(migrationsOf(migrations, service), applied)
  return versioned.length + repeatable.length + problems.length === 0
}
