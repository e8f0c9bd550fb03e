import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ProgressEvent } from '../src/control/context/index.ts'
import { migrateFleet } from '../src/control/fleet/index.ts'
import { sql } from '../src/postgres/index.ts'
import { makeFleet, startFleetFixture } from './fleet-fixture.ts'
import { serverKinds } from './harness/servers.ts'
import { type MigrateFixture, refusedAs } from './migrate-fixture.ts'

const WAVES = [{ count: 1 }, { percent: 10 }, { percent: 100 }]

for (const kind of serverKinds()) {
  describe(`waves on ${kind.major} as ${kind.admin}`, () => {
    let fixture: MigrateFixture
    before(async () => {
      fixture = await startFleetFixture(kind)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('waves follow each other, one target first', async () => {
      const fleet = await makeFleet(fixture, 'calm', 40)
      await fleet.write({ 'shop/migrations/002_a.sql': 'ALTER TABLE orders ADD COLUMN a int;' })
      const { waves, migrated, stopped } = await fleet.migrate({ waves: WAVES, bakeMs: 20 })
      assert.deepEqual(
        waves.map(({ wave, label, targets, migrated: done }) => [wave, label, targets, done]),
        [
          [1, '1', 1, 1],
          [2, '10%', 3, 3],
          [3, '100%', 36, 36],
        ],
      )
      assert.deepEqual([migrated, stopped], [40, null])
      const order = await fleet.superuser.query<{ tenant: string }>(sql`
        SELECT tenant FROM panal.ledger_applied WHERE item = '2' ORDER BY applied_at LIMIT 1`)
      assert.deepEqual(order, [{ tenant: 't1' }])
    })

    test('no wave begins after one with a failure, unless the limit allows it', async () => {
      const fleet = await makeFleet(fixture, 'gated', 40)
      await fleet.superuser.script(`INSERT INTO gated_t2.orders VALUES (1, 'fax')`)
      await fleet.write({ 'shop/migrations/002_a.sql': `ALTER TABLE orders ADD CHECK (channel <> 'fax');` })
      const first = await fleet.migrate({ waves: WAVES })
      assert.deepEqual([first.migrated, first.failed.length, first.left], [3, 1, 36])
      assert.equal(first.stopped?.reason, 'failures')
      const second = await fleet.migrate({ waves: WAVES, maxFailures: { count: 1 } })
      assert.deepEqual([second.migrated, second.failed.length, second.left, second.stopped], [36, 1, 0, null])
    })

    test('a limit of failures stops within a wave: a count over the run, a percentage of the wave', async () => {
      for (const [name, maxFailures] of [
        ['counted', { count: 2 }],
        ['percent', { percent: 5 }],
      ] as const) {
        const fleet = await makeFleet(fixture, name, 40)
        await fleet.superuser.script(
          fleet.targets.map(({ schema }) => `INSERT INTO ${schema}.orders VALUES (1, 'fax');`).join(''),
        )
        await fleet.write({ 'shop/migrations/002_a.sql': `ALTER TABLE orders ADD CHECK (channel <> 'fax');` })
        const result = await fleet.migrate({ maxFailures, concurrency: 1 })
        assert.deepEqual([result.failed.length, result.left, result.stopped?.reason], [3, 37, 'failures'])
      }
    })

    test('too many targets that meet locks stop the run', async () => {
      const fleet = await makeFleet(fixture, 'waiting', 20)
      await fleet.write({ 'shop/migrations/002_a.sql': 'ALTER TABLE orders ADD COLUMN a int;' })
      await fleet.superuser.script(
        `BEGIN; ${[1, 2, 3].map((tenant) => `LOCK TABLE waiting_t${tenant}.orders;`).join('')}`,
      )
      const result = await fleet.migrate({ maxLockWaits: { count: 2 }, limits: { deadlineMs: 2_000 } })
      await fleet.superuser.script('ROLLBACK')
      assert.equal(result.stopped?.reason, 'lock-waits')
      assert.ok(result.left >= 3)
    })

    test('a file that is edited between two waves stops the run, and its return lets it go on', async () => {
      const fleet = await makeFleet(fixture, 'edited', 20)
      const path = 'shop/migrations/002_a.sql'
      const text = 'ALTER TABLE orders ADD COLUMN a int;'
      await fleet.write({ [path]: text })
      let edited: Promise<void> | undefined
      const context = {
        ...fixture.context,
        onProgress: (event: ProgressEvent) => {
          if (event.kind === 'note' && event.line.startsWith('wave 1 is done'))
            edited = fleet.write({ [path]: 'ALTER TABLE orders ADD COLUMN a bigint;' })
        },
      }
      const options = { waves: WAVES, targets: fleet.targets, bakeMs: 200 }
      const result = await migrateFleet(context, { ...options, migrations: await fleet.load() })
      await edited
      assert.deepEqual([result.migrated, result.left, result.stopped?.reason], [1, 19, 'edited'])
      assert.ok(result.stopped?.details?.some((line) => line.includes('bigint')))
      const migrations = await fleet.load()
      await assert.rejects(
        migrateFleet(fixture.context, { ...options, migrations }),
        refusedAs('PANAL_MIGRATION_EDITED'),
      )
      await fleet.write({ [path]: text })
      assert.equal((await fleet.migrate({ waves: WAVES })).migrated, 19)
    })

    test('a service that requires every tenant waits for the last wave', async () => {
      const tenancy = {
        kind: 'schema' as const,
        schema: (slug: string) => `mixed_${slug}`,
        login: (slug: string) => `mixed_user_${slug}`,
      }
      const system = await fixture.system({ name: 'mixed', services: { hub: {}, shop: { tenancy } } }, [
        'a',
        'b',
        'c',
      ])
      await system.write({
        'hub/migrations/001_hub.sql': 'CREATE TABLE hub (id int);',
        'hub/migrations/002_close.sql': '-- requires: shop@002\nALTER TABLE hub ADD COLUMN closed bool;',
        'shop/migrations/001_shop.sql': '-- requires: hub@001\nCREATE TABLE shop (id int);',
        'shop/migrations/002_more.sql': 'CREATE TABLE more (id int);',
      })
      const migrations = await system.load()
      const result = await migrateFleet(fixture.context, {
        migrations,
        targets: system.targets,
        waves: [{ count: 1 }],
      })
      assert.deepEqual([result.migrated, result.failed, result.left], [4, [], 0])
      assert.deepEqual(
        result.waves.map(({ targets }) => targets),
        [2, 2],
      )
    })
  })
}
