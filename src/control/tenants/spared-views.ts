import type { System } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { labelOf, migrationsOf, type SystemMigrations } from '../migrate/index.ts'
import { listTargetRecords, listTenantRecords } from '../state/index.ts'
import { type TenantView, tenantView } from './tenant-view.ts'

/** Tenants that were spares until now: at the head, or they would not have been taken, so no ledger is read. */
export async function sparedViews(
  registry: Connection,
  migrations: SystemMigrations,
  slugs: readonly string[],
): Promise<readonly TenantView[]> {
  const { name }: System = migrations.system
  const tenants = await listTenantRecords(registry, [name], slugs)
  const targets = await listTargetRecords(registry, [name], slugs)
  const ofTenant = Map.groupBy(targets, ({ tenant }) => tenant)
  return tenants.map((tenant) =>
    tenantView(
      tenant,
      (ofTenant.get(tenant.slug) ?? []).map((target) => {
        const head = migrationsOf(migrations, target.service).versioned.at(-1)
        return { ...target, version: head === undefined ? null : labelOf(head), bytes: null }
      }),
    ),
  )
}
