import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SystemDefinition } from '../src/model/index.ts'
import { catalogSnapshot, snapshotDifference } from './catalog-snapshot.ts'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture } from './provision-fixture.ts'

/** Campus with a service, a role and a pooled login that the next version of the model no longer has. */
const larger: SystemDefinition<string> = {
  ...campus,
  services: {
    ...campus.services,
    canteen: {
      login: 'canteen_svc',
      reads: ['people'],
      references: ['courses'],
      grants: [{ to: 'waiters', on: 'meals', privileges: ['select'] }],
    },
  },
  roles: { ...campus.roles, waiters: { members: ['canteen_svc'] } },
  runtime: true,
}
const meals = {
  'campus/canteen/migrations/001_meals.sql': `CREATE TABLE meals (id int); INSERT INTO meals VALUES (1);
    CREATE TYPE taste AS ENUM ('sweet'); CREATE FUNCTION cook() RETURNS int LANGUAGE sql AS 'SELECT 1';`,
}
const departed = ['campus_canteen_owner', 'campus_runtime', 'canteen_svc', 'waiters']

for (const kind of serverKinds()) {
  describe(`what left the model, on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let before_: readonly string[]
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write({ ...campusFiles, ...meals })
      const result = await fixture.describe({ systems: [campus] }).apply()
      assert.deepEqual(result.failed, [])
      before_ = await catalogSnapshot(await fixture.open('campus'))
      assert.deepEqual((await fixture.describe({ systems: [larger] }).apply()).failed, [])
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('is locked, loses every right, is reported, and keeps its data', async () => {
      const platform = fixture.describe({ systems: [campus] })
      const shown = await platform.plan()
      const names = shown.orphans.map(({ kind: what, name }) => `${what} ${name}`).sort()
      assert.deepEqual(names, [...departed.map((name) => `role ${name}`), 'schema canteen'])
      assert.deepEqual(
        shown.steps.filter(({ asks }) => asks === 'login').map(({ subject }) => subject),
        ['login of role campus_runtime', 'login of role canteen_svc'],
      )
      assert.ok(
        shown.steps.every(({ asks }) => asks !== undefined),
        'each step takes something away',
      )
      const result = await platform.apply({ confirm: async () => {} })
      assert.deepEqual([result.failed, result.orphans.length, result.pruned], [[], 5, []])
      const inside = await fixture.open('campus')
      for (const role of ['campus_runtime', 'canteen_svc', 'waiters']) {
        assert.deepEqual(await effectiveRights(inside, role, [...campusSchemas, 'canteen']), {}, role)
      }
      const [kept] = await inside.script('SELECT count(*)::int AS n FROM canteen.meals')
      assert.deepEqual(kept!.rows, [{ n: 1 }])
      const again = await platform.plan()
      assert.deepEqual([again.steps, again.orphans.length], [[], 5])
    })

    test('comes back as it was when the model has it again', async () => {
      const platform = fixture.describe({ systems: [larger] })
      assert.deepEqual((await platform.apply()).failed, [])
      const inside = await fixture.open('campus')
      const rights = await effectiveRights(inside, 'canteen_svc', ['canteen', 'people'])
      assert.deepEqual(rights['canteen.meals'], 'SELECT INSERT UPDATE DELETE')
      assert.deepEqual((await platform.plan()).orphans, [])
      await fixture.describe({ systems: [campus] }).apply()
    })

    test('goes object by object as somebody agrees, and leaves no trace', async () => {
      const platform = fixture.describe({ systems: [campus] })
      const asked: string[] = []
      const first = await platform.apply({
        prune: async ({ name }) => {
          asked.push(name)
          return name === 'canteen_svc'
        },
      })
      assert.deepEqual(asked.sort(), ['canteen', ...departed].sort())
      assert.deepEqual(
        first.pruned.map(({ name }) => name),
        ['canteen_svc'],
      )
      assert.equal(first.orphans.length, 4)
      // Whoever gives up the owner has not agreed to lose what it owns.
      const owner = await platform.apply({ prune: async ({ name }) => name === 'campus_canteen_owner' })
      assert.deepEqual([owner.pruned, owner.failed], [[], []])
      const [kept] = await (await fixture.open('campus')).script(
        'SELECT count(*)::int AS n FROM canteen.meals',
      )
      assert.deepEqual(kept!.rows, [{ n: 1 }])
      const second = await platform.apply({ prune: async () => true })
      assert.deepEqual([second.orphans, second.pruned.length, second.failed], [[], 4, []])
      const inside = await fixture.open('campus')
      assert.deepEqual(snapshotDifference(before_, await catalogSnapshot(inside)), [])
      for (const role of ['people_svc', 'courses_svc']) {
        assert.deepEqual(await effectiveRights(inside, role, campusSchemas), campusMatrix[role])
      }
    })

    test('what was dropped is made anew, tables included, when the model has it again', async () => {
      const platform = fixture.describe({ systems: [larger] })
      assert.deepEqual((await platform.apply()).failed, [])
      const inside = await fixture.open('campus')
      const [kept] = await inside.script('SELECT count(*)::int AS n FROM canteen.meals')
      assert.deepEqual(kept!.rows, [{ n: 1 }])
    })
  })
}
