import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ProgressEvent } from '../src/control/context/index.ts'
import { migratePlatform, planMigration, platformStatus, runReport } from '../src/control/operations/index.ts'
import { openConnection, sql, withDatabase } from '../src/postgres/index.ts'
import { type FleetPlatform, slugs, startFleetPlatform } from './fleet-platform.ts'
import { serverKinds } from './harness/servers.ts'
import { refusedAs } from './migrate-fixture.ts'

for (const kind of serverKinds()) {
  describe(`runs over a fleet on ${kind.major} as ${kind.admin}`, () => {
    let platform: FleetPlatform
    before(async () => {
      platform = await startFleetPlatform(kind)
      await platform.createTenants(slugs(12))
    })
    after(() => platform?.[Symbol.asyncDispose]())

    const market = async (text: string): Promise<void> => {
      await using connection = await openConnection(withDatabase(platform.server.superuserUrl, 'market'))
      await connection.script(text)
    }

    test('a run keeps what became of each target; resume takes up the rest, in its waves', async () => {
      await market(`INSERT INTO shop_t2.orders VALUES (1, 'fax')`)
      await platform.write('002_channel.sql', `\nALTER TABLE orders ADD CHECK (channel <> 'fax');`)
      const waves = [{ count: 1 }, { count: 4 }]
      const stopped = await migratePlatform(platform.context, { waves })
      assert.deepEqual([stopped.migrated, stopped.failed.length, stopped.left], [3, 1, 8])
      const report = await runReport(platform.context, stopped.run!)
      assert.equal(report.status, 'failed')
      assert.deepEqual(report.options.waves, ['1', '4'])
      assert.deepEqual(
        report.waves.map(({ wave, status, targets }) => [wave, status, targets]),
        [
          [1, 'done', 1],
          [2, 'done', 2],
          [2, 'failed', 1],
          [3, 'pending', 8],
        ],
      )
      const [failed] = report.targets.filter(({ status }) => status === 'failed')
      const { target, failure } = failed!
      assert.deepEqual(
        [target, failure?.sqlState, failure?.migration, failure?.place],
        ['market/shop/t2', '23514', '002_channel', '002_channel.sql:2:1'],
      )
      const done = report.targets.filter(({ status }) => status === 'done')
      assert.ok(
        done.every(({ files, durationMs, finishedAt }) => files === 1 && durationMs !== null && finishedAt),
      )

      const rows = await platformStatus(platform.context)
      const behind = rows.filter(({ failedRun }) => failedRun !== undefined)
      assert.deepEqual(
        behind.map(({ tenant, failedRun }) => [tenant, failedRun?.run, failedRun?.sqlState]),
        [['t2', stopped.run, '23514']],
      )

      await market(`UPDATE shop_t2.orders SET channel = 'web'`)
      const resumed = await migratePlatform(platform.context, { resume: stopped.run! })
      assert.deepEqual([resumed.targets, resumed.migrated, resumed.failed, resumed.left], [9, 9, [], 0])
      assert.deepEqual(
        resumed.waves.map(({ wave, migrated }) => [wave, migrated]),
        [
          [2, 1],
          [3, 8],
        ],
      )
      const after = await platformStatus(platform.context)
      assert.ok(after.every(({ failedRun, pending }) => failedRun === undefined && pending.length === 0))
      await assert.rejects(
        migratePlatform(platform.context, { resume: resumed.run! }),
        refusedAs('PANAL_RUN_NOT_RESUMABLE'),
      )
    })

    test('failed targets are tried again, and no others', async () => {
      await market(`INSERT INTO shop_t5.orders VALUES (5, 'x'); INSERT INTO shop_t6.orders VALUES (6, 'x')`)
      await platform.write('003_short.sql', `ALTER TABLE orders ADD CHECK (channel <> 'x');`)
      const first = await migratePlatform(platform.context)
      assert.deepEqual(first.failed.map(({ target }) => target).sort(), ['market/shop/t5', 'market/shop/t6'])
      await market(`DELETE FROM shop_t5.orders WHERE channel = 'x'`)
      const again = await migratePlatform(platform.context, { retryFailed: first.run! })
      assert.deepEqual([again.targets, again.migrated, again.failed.length], [2, 1, 1])
      await market(`DELETE FROM shop_t6.orders WHERE channel = 'x'`)
      const last = await migratePlatform(platform.context, { retryFailed: again.run! })
      assert.deepEqual([last.targets, last.migrated], [1, 1])
      await assert.rejects(
        migratePlatform(platform.context, { retryFailed: last.run! }),
        refusedAs('PANAL_RUN_NOT_RESUMABLE'),
      )
      await assert.rejects(
        migratePlatform(platform.context, { resume: 'r-none' }),
        refusedAs('PANAL_RUN_UNKNOWN'),
      )
    })

    test('a dry run shows SQL and waves and changes nothing', async () => {
      await platform.write('004_note.sql', 'ALTER TABLE orders ADD COLUMN note text;')
      const before = await everything()
      const plan = await planMigration(platform.context, { waves: [{ percent: 25 }] })
      assert.deepEqual(
        plan.waves.map(({ targets }) => targets.length),
        [3, 9],
      )
      assert.deepEqual(
        plan.files.map(({ migration, targets, sql: text }) => [migration, targets, text.trim()]),
        [['004_note', 12, 'ALTER TABLE orders ADD COLUMN note text;']],
      )
      assert.deepEqual(await everything(), before)
      assert.equal((await migratePlatform(platform.context)).migrated, 12)
    })

    test('a tenant that is created during a rollout is born at the head', async () => {
      await platform.write('005_more.sql', 'CREATE TABLE more (id int);')
      let created: Promise<void> | undefined
      const context = {
        ...platform.context,
        onProgress: (event: ProgressEvent) => {
          if (event.kind === 'note' && event.line.startsWith('wave 1 is done'))
            created = platform.createTenants(['late'])
        },
      }
      const result = await migratePlatform(context, { waves: [{ count: 1 }], bakeMs: 1_500 })
      await created
      assert.ok(created)
      assert.deepEqual([result.migrated, result.failed], [12, []])
      const rows = await platformStatus(platform.context)
      assert.deepEqual([...new Set(rows.map(({ version }) => version))], ['005_more'])
      assert.equal(rows.length, 13)
    })

    test('a schema that goes in mid-run is skipped, named and recorded', async () => {
      await platform.write('006_last.sql', 'CREATE TABLE last (id int);')
      const stopped = await migratePlatform(platform.context, {
        waves: [{ count: 1 }],
        beforeTarget: async () => await market('DROP SCHEMA IF EXISTS shop_t1 CASCADE'),
      })
      assert.deepEqual(
        stopped.skipped.map(({ target }) => target),
        ['market/shop/t1'],
      )
      assert.equal(stopped.migrated, 12)
      const { status, targets } = await runReport(platform.context, stopped.run!)
      const skipped = targets.filter((each) => each.status === 'skipped')
      assert.deepEqual([status, skipped[0]?.failure?.code], ['failed', 'PANAL_TARGET_LOST'])
    })

    async function everything(): Promise<unknown> {
      await using registry = await openConnection(withDatabase(platform.server.superuserUrl, 'panal'))
      await using database = await openConnection(withDatabase(platform.server.superuserUrl, 'market'))
      return [
        await registry.query(
          sql`SELECT (SELECT count(*) FROM panal.runs) AS runs, (SELECT count(*) FROM panal.run_targets) AS targets`,
        ),
        await database.query(
          sql`SELECT (SELECT count(*) FROM panal.ledger_applied) AS applied, (SELECT count(*) FROM panal.ledger_files) AS files`,
        ),
      ]
    }
  })
}
