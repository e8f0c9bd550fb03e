import type { Target } from '../../model/index.ts'
import { type Connection, type Sql, sql } from '../../postgres/index.ts'

/** `orphaned`: it left the model; its schema still stands. */
export type TargetStatus = 'provisioning' | 'active' | 'orphaned'

export interface TargetRecord extends Target {
  readonly status: TargetStatus
  readonly createdAt: Date
  readonly statusSince: Date
}

/** Which target: what its name consists of. */
export type TargetKey = Pick<Target, 'system' | 'service' | 'tenant'>

const columns = sql /* SQL */`
  system, service, tenant, database, schema, owner, login, status,
  created_at AS "createdAt", status_since AS "statusSince"`

/** Every target of these systems, tenants' included, or only those of the named tenants. */
export async function listTargetRecords(
  connection: Connection,
  systems: readonly string[],
  tenants: readonly string[] | null = null,
): Promise<readonly TargetRecord[]> {
  return await connection.query<TargetRecord>(sql /* SQL */`
    SELECT ${columns} FROM panal.targets
    WHERE system = ANY (${systems}) AND (${tenants}::text[] IS NULL OR tenant = ANY (${tenants}::text[]))
    ORDER BY system, service, tenant NULLS FIRST`)
}

/** Known targets with the schema (in its database) or the login of one of these, which are somebody else's. */
export async function targetsInTheWay(
  connection: Connection,
  targets: readonly Target[],
): Promise<readonly TargetRecord[]> {
  return await connection.query<TargetRecord>(sql /* SQL */`
    SELECT DISTINCT ON (targets.system, targets.service, targets.tenant) ${columns}
    FROM panal.targets JOIN ${namesOf(targets)} AS given (
        new_system, new_service, new_tenant, new_database, new_schema, new_login
      ) ON (database, schema) = (new_database, new_schema) OR login = new_login
    WHERE (system, service, tenant) IS DISTINCT FROM (new_system, new_service, new_tenant)`)
}

/**
 * Records targets as `provisioning`, in one statement whatever their number. Those that are known keep their
 * place, schema and status (moving a target is an operation of its own) and take the owner and login of
 * the model, whose roles this apply makes.
 */
export async function recordTargets(connection: Connection, targets: readonly Target[]): Promise<void> {
  await connection.query(sql /* SQL */`
    INSERT INTO panal.targets (system, service, tenant, database, schema, owner, login, status)
    SELECT *, 'provisioning' FROM unnest(
      ${targets.map((target) => target.system)}::text[],
      ${targets.map((target) => target.service)}::text[],
      ${targets.map((target) => target.tenant)}::text[],
      ${targets.map((target) => target.database)}::text[],
      ${targets.map((target) => target.schema)}::text[],
      ${targets.map((target) => target.owner)}::text[],
      ${targets.map((target) => target.login)}::text[]
    ) AS given
    ON CONFLICT (system, service, tenant) DO UPDATE SET owner = excluded.owner, login = excluded.login
    WHERE (targets.owner, targets.login) IS DISTINCT FROM (excluded.owner, excluded.login)`)
}

/** Sets the status of the targets that do not have it yet. */
export async function setTargetStatus(
  connection: Connection,
  targets: readonly TargetKey[],
  status: TargetStatus,
): Promise<void> {
  await connection.query(sql /* SQL */`
    UPDATE panal.targets SET status = ${status}, status_since = now()
    FROM ${keysOf(targets)} AS key (system, service, tenant)
    WHERE targets.system = key.system AND targets.service = key.service
      AND targets.tenant IS NOT DISTINCT FROM key.tenant AND status <> ${status}`)
}

function namesOf(targets: readonly Target[]): Sql {
  return sql /* SQL */`unnest(
    ${targets.map((target) => target.system)}::text[],
    ${targets.map((target) => target.service)}::text[],
    ${targets.map((target) => target.tenant)}::text[],
    ${targets.map((target) => target.database)}::text[],
    ${targets.map((target) => target.schema)}::text[],
    ${targets.map((target) => target.login)}::text[])`
}

function keysOf(targets: readonly TargetKey[]): Sql {
  return sql /* SQL */`unnest(
    ${targets.map((target) => target.system)}::text[],
    ${targets.map((target) => target.service)}::text[],
    ${targets.map((target) => target.tenant)}::text[])`
}
