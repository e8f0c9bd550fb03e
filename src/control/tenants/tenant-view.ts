import type { TargetRecord, TenantMetadata, TenantRecord, TenantStatus } from '../state/index.ts'
import type { TargetFacts } from './target-facts.ts'

/** One schema of a tenant. */
export interface TenantTarget extends TargetFacts {
  readonly service: string
  readonly schema: string
  readonly login: string | null
  readonly database: string
}

/** A tenant as the command line and the API show it. The names beside the slug are its first service's. */
export interface TenantView extends Omit<TenantTarget, 'service'> {
  readonly system: string
  readonly slug: string
  readonly status: TenantStatus
  readonly metadata: TenantMetadata
  readonly createdAt: Date
  /** Every service of the system that keeps a schema per tenant. */
  readonly targets: readonly TenantTarget[]
}

/** @param targets of this tenant, with their facts; at least one, since both rows are written together */
export function tenantView(
  tenant: TenantRecord,
  targets: readonly (TargetRecord & TargetFacts)[],
): TenantView {
  const views = targets.map(({ service, schema, login, database, version, bytes }) => ({
    service,
    schema,
    login,
    database,
    version,
    bytes,
  }))
  const { service: _, ...first } = views[0]!
  const { system, slug, status, metadata, createdAt } = tenant
  return { system, slug, ...first, status, metadata, createdAt, targets: views }
}
