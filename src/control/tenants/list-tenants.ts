import { PanalError } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { isSpare } from '../pool/index.ts'
import { listTargetRecords, listTenantRecords, openRegistry, requireRegistry } from '../state/index.ts'
import { findSystem, tenantServices } from './find-system.ts'
import { readTargetFacts } from './target-facts.ts'
import { type TenantView, tenantView } from './tenant-view.ts'

export interface ListTenantsOptions {
  /** Default: every system of the config. */
  readonly systems?: readonly string[]
  /** Whether to ask for `bytes`, the one thing that costs time with every tenant. Default: true. */
  readonly sizes?: boolean
}

/**
 * The tenants with what is known of them, in the order of system and slug. None before the first apply. The
 * number of queries does not grow with the tenants.
 *
 * @throws PANAL_SYSTEM_UNKNOWN
 */
export async function listTenants(
  context: ControlContext,
  options: ListTenantsOptions = {},
): Promise<readonly TenantView[]> {
  const systems = options.systems ?? context.config.systems.map(({ name }) => name)
  for (const name of systems) findSystem(context.config, name)
  await using registry = await openRegistry(context)
  if (registry === null) return []
  return await readTenantViews(context, registry, { systems, slugs: null, sizes: options.sizes ?? true })
}

/**
 * One tenant.
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_TENANT_UNSUPPORTED, PANAL_TENANT_UNKNOWN, PANAL_NOT_PROVISIONED
 */
export async function showTenant(
  context: ControlContext,
  { system, slug }: { readonly system: string; readonly slug: string },
): Promise<TenantView> {
  tenantServices(findSystem(context.config, system))
  await using registry = await requireRegistry(context)
  const [view] = await readTenantViews(context, registry, {
    systems: [system],
    slugs: [slug],
    sizes: true,
  })
  if (view === undefined) throw unknownTenant(system, slug)
  return view
}

export function unknownTenant(system: string, slug: string): PanalError {
  return new PanalError('PANAL_TENANT_UNKNOWN', `System "${system}" has no tenant "${slug}".`, {
    remedy: `panal tenant list --system ${system} shows what there is.`,
  })
}

export interface TenantSelection {
  readonly systems: readonly string[]
  /** null: all of them. */
  readonly slugs: readonly string[] | null
  readonly sizes: boolean
}

/** Tenants with the facts of their targets. */
export async function readTenantViews(
  context: Pick<ControlContext, 'databases'>,
  registry: Connection,
  { systems, slugs, sizes }: TenantSelection,
): Promise<readonly TenantView[]> {
  const tenants = (await listTenantRecords(registry, systems, slugs)).filter(({ slug }) => !isSpare(slug))
  const wanted = new Set(tenants.map(({ system, slug }) => `${system}/${slug}`))
  const targets = (await listTargetRecords(registry, systems, slugs)).filter(
    ({ system, tenant }) => tenant !== null && wanted.has(`${system}/${tenant}`),
  )
  const facts = await readTargetFacts(context, targets, { sizes })
  const described = targets.map((target, index) => ({ ...target, ...facts[index]! }))
  const ofTenant = Map.groupBy(described, ({ system, tenant }) => `${system}/${tenant}`)
  return tenants.map((tenant) => tenantView(tenant, ofTenant.get(`${tenant.system}/${tenant.slug}`)!))
}
