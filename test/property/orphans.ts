import assert from 'node:assert/strict'
import { sql } from '../../src/postgres/index.ts'
import { effectiveRights } from '../effective-rights.ts'
import type { ProvisionFixture } from '../provision-fixture.ts'
import { rolesOf } from './expected-rights.ts'
import type { PlatformSpec } from './platform-spec.ts'

/** What left the model logs in no more and reaches nothing: its schemas are nobody's but their owner's. */
export async function assertOrphansClosed(fixture: ProvisionFixture, spec: PlatformSpec): Promise<void> {
  const wanted = new Set(spec.systems.flatMap((system) => [...rolesOf(system)]))
  const cluster = await fixture.open('postgres')
  const roles = await cluster.query<{ name: string; login: boolean }>(
    sql`SELECT rolname AS name, rolcanlogin AS login FROM pg_roles WHERE rolname ~ '^(alpha|beta)_'`,
  )
  const orphans = roles.filter(({ name }) => !wanted.has(name) && !/_creator_\d+$/.test(name))
  assert.deepEqual(
    orphans.filter(({ login }) => login),
    [],
    'orphans that log in',
  )
  const databases = await cluster.query<{ name: string }>(
    sql`SELECT datname AS name FROM pg_database WHERE datname IN ('north', 'south')`,
  )
  for (const { name: database } of databases) {
    const connection = await fixture.open(database)
    const schemas = await connection.query<{ name: string }>(
      sql`SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^(alpha|beta)_'`,
    )
    for (const { name } of orphans.filter(({ name: role }) => !role.endsWith('_owner'))) {
      const rights = await effectiveRights(
        connection,
        name,
        schemas.map((schema) => schema.name),
      )
      assert.deepEqual(rights, {}, `orphan ${name} in ${database}`)
    }
  }
}
