import assert from 'node:assert/strict'
import { listTenantRecords } from '../../src/control/state/index.ts'
import { createTenants } from '../../src/control/tenants/index.ts'
import { sql } from '../../src/postgres/index.ts'
import { effectiveRights } from '../effective-rights.ts'
import { assertConverged } from '../kill/recovery.ts'
import type { ProvisionFixture, TestPlatform } from '../provision-fixture.ts'
import { databasesOfSystem, expectedRights } from './expected-rights.ts'
import { migrationFiles } from './migration-files.ts'
import {
  type PlatformSpec,
  placementDefinition,
  schemaNameOf,
  slugsOf,
  systemDefinition,
} from './platform-spec.ts'

/** Describes a spec on a server: its files written, its model resolved. */
export async function describeSpec(fixture: ProvisionFixture, spec: PlatformSpec): Promise<TestPlatform> {
  await fixture.write(migrationFiles(spec))
  const systems = spec.systems.map(systemDefinition)
  return fixture.describe({ systems, config: { placement: placementDefinition(spec) } })
}

/** Applies a spec and creates the tenants that are not there yet. */
export async function applySpec(platform: TestPlatform, spec: PlatformSpec): Promise<void> {
  const { failed } = await platform.apply()
  assert.deepEqual(failed, [])
  for (const system of spec.systems) {
    if (!system.services.some((service) => service.tenancy === 'schema')) continue
    await using registry = await platform.context.databases.openControl()
    const known = (await listTenantRecords(registry, [system.name])).map(({ slug }) => slug)
    const slugs = system.tenants.filter((slug) => !known.includes(slug))
    if (slugs.length === 0) continue
    const created = await createTenants(platform.context, { system: system.name, slugs })
    assert.deepEqual(created.failed, [])
  }
}

/** Nothing is left to do. @param orphans whether things may be left over that the model had before */
export async function assertNothingToDo(platform: TestPlatform, orphans = false): Promise<void> {
  const plan = await platform.plan()
  assertConverged(orphans ? { ...plan, orphans: [] } : plan)
}

/** Every role can do what the model says, and nothing else, in every database. */
export async function assertRights(fixture: ProvisionFixture, spec: PlatformSpec): Promise<void> {
  const databases = new Set(spec.systems.flatMap((system) => [...databasesOfSystem(system)]))
  for (const database of databases) {
    const connection = await fixture.open(database)
    const schemas = schemasIn(spec, database)
    for (const [role, expected] of expectedRights(spec, database)) {
      const rights = await effectiveRights(connection, role, [...schemas, 'public', 'panal'])
      const actual = Object.fromEntries(
        Object.entries(rights).map(([object, privileges]) => [
          object,
          privileges.split(' ').sort().join(' '),
        ]),
      )
      const wanted = Object.fromEntries(
        [...expected].map(([object, privileges]) => [object, [...privileges].sort().join(' ')]),
      )
      assert.deepEqual(actual, wanted, `rights of ${role} in ${database}`)
    }
    const creators = await connection.query<{ name: string }>(
      sql`SELECT rolname AS name FROM pg_roles WHERE rolname ~ '_creator_[0-9]+$'`,
    )
    for (const { name } of creators)
      assert.deepEqual(await effectiveRights(connection, name, schemas), {}, name)
  }
}

const schemasIn = (spec: PlatformSpec, database: string): readonly string[] =>
  spec.systems.flatMap((system) =>
    system.services
      .filter((service) => service.database === database)
      .flatMap((service) => slugsOf(system, service).map((slug) => schemaNameOf(system, service, slug))),
  )
