import { type Connection, sql } from '../../postgres/index.ts'
import type { TenantMetadata } from './tenant-metadata.ts'

/** `provisioning`: begun and not finished, whoever did it may be dead. */
export type TenantStatus = 'provisioning' | 'active' | 'suspended'

export interface TenantRecord {
  readonly system: string
  readonly slug: string
  readonly status: TenantStatus
  readonly metadata: TenantMetadata
  readonly createdAt: Date
  readonly statusSince: Date
}

const columns = sql /* SQL */`
  system, slug, status, metadata, created_at AS "createdAt", status_since AS "statusSince"`

/** Slugs as people count: P2 before P10. */
const bySlug = new Intl.Collator('en', { numeric: true })

/** The tenants of these systems, all or the named ones, in the order of their slugs. */
export async function listTenantRecords(
  connection: Connection,
  systems: readonly string[],
  slugs: readonly string[] | null = null,
): Promise<readonly TenantRecord[]> {
  const rows = await connection.query<TenantRecord>(sql /* SQL */`
    SELECT ${columns} FROM panal.tenants
    WHERE system = ANY (${systems}) AND (${slugs}::text[] IS NULL OR slug = ANY (${slugs}::text[]))`)
  return rows.sort((a, b) => bySlug.compare(a.system, b.system) || bySlug.compare(a.slug, b.slug))
}

/**
 * Records new tenants of one system as `provisioning`, in one statement whatever their number.
 * The caller knows that they are new ({@link lockSystem}).
 */
export async function insertTenantRecords(
  connection: Connection,
  system: string,
  slugs: readonly string[],
  metadata: TenantMetadata,
): Promise<void> {
  await connection.query(sql /* SQL */`
    INSERT INTO panal.tenants (system, slug, status, metadata)
    SELECT ${system}, slug, 'provisioning', ${JSON.stringify(metadata)}::jsonb
    FROM unnest(${slugs}::text[]) AS given (slug)`)
}

/** Changes the named keys of the metadata and keeps the others. */
export async function updateTenantMetadata(
  connection: Connection,
  system: string,
  slugs: readonly string[],
  changes: TenantMetadata,
): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.tenants SET metadata = metadata || ${JSON.stringify(changes)}::jsonb
    WHERE system = ${system} AND slug = ANY (${slugs})`)
}

/** Sets the status of the tenants that do not have it yet; returns whose it changed. */
export async function setTenantStatus(
  connection: Connection,
  system: string,
  slugs: readonly string[],
  status: TenantStatus,
): Promise<readonly string[]> {
  const changed = await connection.query<{ slug: string }>(sql /* SQL */`
    UPDATE panal.tenants SET status = ${status}, status_since = now()
    WHERE system = ${system} AND slug = ANY (${slugs}) AND status <> ${status}
    RETURNING slug`)
  return changed.map(({ slug }) => slug)
}
