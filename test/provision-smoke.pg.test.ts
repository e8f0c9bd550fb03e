import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { salon, salonFiles } from './fixtures/salon.ts'
import type { ServerKind } from './harness/servers.ts'
import { startProvisionFixture } from './provision-fixture.ts'

/** The other suites run on PANAL_TEST_SERVERS; this much runs on each kind of server every time. */
const kinds: readonly ServerKind[] = [
  { major: 15, admin: 'superuser' },
  { major: 18, admin: 'operator' },
  { major: 15, admin: 'operator' },
  { major: 18, admin: 'second-operator' },
]

for (const kind of kinds) {
  test(`smoke on ${kind.major} as ${kind.admin}: install, matrix, drift, empty plans`, async () => {
    await using fixture = await startProvisionFixture(kind)
    await fixture.write({ ...campusFiles, ...salonFiles })
    const platform = fixture.describe({ systems: [campus, salon] })
    await (await fixture.open('postgres')).script('CREATE ROLE nobody LOGIN')
    assert.deepEqual((await platform.apply()).failed, [])
    assert.deepEqual((await platform.plan()).steps, [])
    const inside = await fixture.open('campus')
    await inside.script(`GRANT ALL ON ALL TABLES IN SCHEMA people TO stats_svc; ALTER ROLE courses_svc CREATEROLE;
      ALTER TABLE courses.courses OWNER TO campus_people_owner; GRANT CONNECT ON DATABASE campus TO PUBLIC`)
    assert.deepEqual((await platform.apply({ confirm: async () => {} })).failed, [])
    for (const [role, expected] of Object.entries(campusMatrix)) {
      assert.deepEqual(await effectiveRights(inside, role, campusSchemas), expected, role)
    }
    const plan = await platform.plan()
    assert.deepEqual([plan.steps, plan.unreachable, plan.orphans], [[], [], []])
  })
}
