import { type Config, hasSchemaTenants, placementOf, type System, targetOf } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { insertTenantRecords, listTenantRecords, lockSystem, recordTargets } from '../state/index.ts'
import { isSpare, newSpareSlug } from './spare-slug.ts'

/**
 * Records as many spares as the model asks for and the registry lacks, as `provisioning`: whoever provisions
 * tenants makes them. More than asked for stay until they are used.
 *
 * @param registry in no transaction; it knows the systems
 * @returns the slugs of the new ones
 */
export async function registerSpares(
  registry: Connection,
  config: Config,
  systems: readonly System[],
): Promise<readonly string[]> {
  const slugs: string[] = []
  for (const system of systems.filter((each) => poolSizeOf(each) > 0)) {
    slugs.push(...(await registry.transaction(() => fill(registry, config, system))))
  }
  return slugs
}

async function fill(registry: Connection, config: Config, system: System): Promise<readonly string[]> {
  await lockSystem(registry, system.name)
  const present = (await listTenantRecords(registry, [system.name])).filter(({ slug }) => isSpare(slug))
  const slugs = Array.from({ length: Math.max(0, poolSizeOf(system) - present.length) }, newSpareSlug)
  if (slugs.length === 0) return []
  await insertTenantRecords(registry, system.name, slugs, {})
  const services = system.services.filter(hasSchemaTenants)
  const targets = slugs.flatMap((slug) =>
    services.map((service) => targetOf(service, slug, placementOf(config, system, service.name, slug))),
  )
  await recordTargets(registry, targets)
  return slugs
}

/** Spares that somebody began and did not finish. */
export async function unfinishedSpares(registry: Connection, system: System): Promise<readonly string[]> {
  const tenants = await listTenantRecords(registry, [system.name])
  return tenants
    .filter(({ slug, status }) => isSpare(slug) && status === 'provisioning')
    .map(({ slug }) => slug)
}

/** A tenant has a schema of every service that keeps them, so the largest number holds. */
export function poolSizeOf(system: System): number {
  return Math.max(0, ...system.services.map(({ tenancy }) => (tenancy.kind === 'schema' ? tenancy.pool : 0)))
}
