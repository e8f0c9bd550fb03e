import { PanalError, type Target } from '../../model/index.ts'
import { type Connection, openConnection, sql } from '../../postgres/index.ts'
import { markerOf } from '../catalog/index.ts'
import type { OpenDatabases } from './open-databases.ts'

/**
 * Refuses new targets whose schema or login stands already and is not marked as this system's: it is somebody
 * else's, whose rights a tenant must not come by. Looked at before anything is recorded, since a
 * recorded tenant that can never be made would stand in the way of every apply.
 *
 * @throws PANAL_UNMARKED_EXISTS naming each of them
 */
export async function refuseUnmarked(
  databases: OpenDatabases,
  system: string,
  targets: readonly Target[],
): Promise<void> {
  const found = new Set<string>()
  for (const [key, here] of Map.groupBy(targets, (target) => target.database)) {
    for (const name of await unmarkedNames(databases, key, system, here)) found.add(name)
  }
  if (found.size === 0) return
  const names = [...found]
  const message = `${names[0]} exists already and is not marked as managed by "${system}".`
  throw new PanalError('PANAL_UNMARKED_EXISTS', message, {
    details: names.length > 1 ? names : [],
    remedy: 'Choose another slug, or rename what stands there.',
  })
}

async function unmarkedNames(
  databases: OpenDatabases,
  key: string,
  system: string,
  targets: readonly Target[],
): Promise<readonly string[]> {
  const logins = targets.flatMap(({ login }) => login ?? [])
  const schemas = targets.map(({ schema }) => schema)
  const marker = markerOf(system)
  const opened = await databases.borrow(key)
  if (opened === null) {
    // Roles are the server's, so they may stand although the database does not.
    await using connection = await openConnection(databases.databases.place(key).maintenanceUrl)
    return await standingRoles(connection, marker, logins)
  }
  const roles = await standingRoles(opened, marker, logins)
  return [...roles, ...(await standingSchemas(opened, marker, schemas))]
}

async function standingRoles(
  connection: Connection,
  marker: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await connection.query<{ name: string }>(sql /* SQL */`
    SELECT rolname AS name FROM pg_roles
    WHERE rolname = ANY (${names}) AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM ${marker}`)
  return rows.map(({ name }) => `role ${name}`)
}

async function standingSchemas(
  connection: Connection,
  marker: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await connection.query<{ name: string }>(sql /* SQL */`
    SELECT nspname AS name FROM pg_namespace
    WHERE nspname = ANY (${names}) AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM ${marker}`)
  return rows.map(({ name }) => `schema ${name} in database ${connection.database}`)
}
