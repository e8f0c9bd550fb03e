import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { migrateFleet } from '../src/control/fleet/index.ts'
import { PanalError, type Target } from '../src/model/index.ts'
import { ident, openConnection, sql, withDatabase } from '../src/postgres/index.ts'
import { APPEND_EFFECT, effects, makeFleet, startFleetFixture } from './fleet-fixture.ts'
import { serverKinds } from './harness/servers.ts'
import type { MigrateFixture } from './migrate-fixture.ts'

for (const kind of serverKinds()) {
  describe(`the fleet engine on ${kind.major} as ${kind.admin}`, () => {
    let fixture: MigrateFixture
    before(async () => {
      fixture = await startFleetFixture(kind)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('the data of the 437th of 1,000 tenants: it fails alone, with its place, and is done once mended', async () => {
      const fleet = await makeFleet(fixture, 'thousand', 1_000)
      await fleet.superuser.script(`INSERT INTO thousand_t437.orders VALUES (8812, 'fax')`)
      await fleet.write({
        'shop/migrations/002_channel.sql': `${APPEND_EFFECT}
          ALTER TABLE orders ADD COLUMN note text;
  ALTER TABLE orders ADD CHECK (channel IN ('web'));
          CREATE INDEX ON orders (channel);`,
      })
      const result = await fleet.migrate()
      const { migrated, upToDate, left, files, failed, versions } = result
      assert.deepEqual(
        { migrated, upToDate, left, files },
        { migrated: 999, upToDate: 0, left: 0, files: 999 },
      )
      assert.deepEqual(
        failed.map(({ target, migration, code, sqlState, place }) => [
          target,
          migration,
          code,
          sqlState,
          place?.line,
          place?.column,
        ]),
        [['thousand/shop/t437', '002_channel', 'PANAL_MIGRATION_FAILED', '23514', 3, 3]],
      )
      assert.deepEqual(versions, [
        { service: 'thousand/shop', version: '002_channel', targets: 999 },
        { service: 'thousand/shop', version: '001_orders', targets: 1 },
      ])
      assert.deepEqual(await effects(fleet), { schemas: 999, most: 1 })
      const [ledger] = await fleet.superuser.query(sql`
        SELECT count(*)::int AS rows, count(duration_ms)::int AS timed, count(DISTINCT tenant)::int AS tenants
        FROM panal.ledger_applied WHERE item = '2' AND run = 'r-1'`)
      assert.deepEqual(ledger, { rows: 999, timed: 999, tenants: 999 })
      await fleet.superuser.script(`UPDATE thousand_t437.orders SET channel = 'web'`)
      const mended = await fleet.migrate()
      assert.deepEqual([mended.migrated, mended.upToDate, mended.failed], [1, 999, []])
      assert.deepEqual(await effects(fleet), { schemas: 1_000, most: 1 })
    })

    test('a constraint that is checked at COMMIT fails its own target alone', async () => {
      const fleet = await makeFleet(fixture, 'late', 12)
      await fleet.superuser.script(`INSERT INTO late_t5.orders VALUES (1, 'web'), (2, 'web')`)
      await fleet.write({
        'shop/migrations/002_unique.sql': `
          CREATE TABLE channels (name text UNIQUE DEFERRABLE INITIALLY DEFERRED);
          INSERT INTO channels SELECT channel FROM orders;
          ${APPEND_EFFECT}`,
      })
      const { migrated, failed } = await fleet.migrate({ batch: 12, concurrency: 1 })
      assert.equal(migrated, 11)
      assert.deepEqual(
        failed.map(({ target, sqlState }) => [target, sqlState]),
        [['late/shop/t5', '23505']],
      )
      assert.deepEqual(await effects(fleet), { schemas: 11, most: 1 })
    })

    test('triggers that wait for COMMIT find their own schema, whoever made them when', async () => {
      const fleet = await makeFleet(fixture, 'trigger', 6)
      const follow = 'INSERT INTO orders VALUES (1);'
      await fleet.write({
        'shop/migrations/002_late.sql': `CREATE TABLE seen (schema text, role text);
          CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO seen VALUES (current_schema(), current_user); RETURN NULL; END $$;
          CREATE CONSTRAINT TRIGGER late AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION see();
          ${follow}`,
      })
      assert.deepEqual((await fleet.migrate({ batch: 6, concurrency: 1 })).failed, [])
      await fleet.write({ 'shop/migrations/003_more.sql': 'INSERT INTO orders VALUES (2);' })
      assert.deepEqual((await fleet.migrate({ batch: 6, concurrency: 1 })).failed, [])
      for (const { schema, owner } of fleet.targets) {
        const rows = await fleet.superuser.query(sql`SELECT * FROM ${ident(schema, 'seen')}`)
        const seen = { schema, role: owner }
        assert.deepEqual(rows, [seen, seen])
      }
    })

    test('settings and temporary tables of a file do not reach the next target', async () => {
      const fleet = await makeFleet(fixture, 'settings', 5)
      await fleet.write({
        'shop/migrations/002_a.sql': `CREATE TABLE seen AS SELECT coalesce(current_setting('app.mark', true), '') AS mark;
          SET LOCAL app.mark = 'reached';
          CREATE TEMP TABLE work ON COMMIT DROP AS SELECT 1;`,
        'shop/migrations/003_b.sql': `INSERT INTO seen SELECT coalesce(current_setting('app.mark', true), '');`,
      })
      const { migrated, failed } = await fleet.migrate({ batch: 5, concurrency: 1 })
      assert.deepEqual([migrated, failed], [5, []])
      const marks = await fleet.superuser.query(sql`
        SELECT mark FROM settings_t1.seen UNION SELECT mark FROM settings_t5.seen`)
      assert.deepEqual(marks, [{ mark: '' }])
    })

    test('files of one message stay transactions of their own: a new enum value is used by the next file', async () => {
      const fleet = await makeFleet(fixture, 'values', 8)
      await fleet.write({ 'shop/migrations/002_kind.sql': `CREATE TYPE kind AS ENUM ('a');` })
      await fleet.migrate()
      await fleet.write({
        'shop/migrations/003_more.sql': `ALTER TYPE kind ADD VALUE 'b';`,
        'shop/migrations/004_use.sql': `CREATE TABLE kinds (of kind DEFAULT 'b'); INSERT INTO kinds VALUES ('b');`,
        'shop/migrations/R_view.sql': 'CREATE OR REPLACE VIEW all_kinds AS SELECT * FROM kinds;',
      })
      const { migrated, files, failed } = await fleet.migrate({ batch: 8, concurrency: 1 })
      assert.deepEqual([migrated, files, failed], [8, 24, []])
    })

    test('a schema that was dropped by hand is skipped and named', async () => {
      const fleet = await makeFleet(fixture, 'lost', 20)
      await fleet.superuser.script('DROP SCHEMA lost_t7 CASCADE')
      await fleet.write({ 'shop/migrations/002_notes.sql': `CREATE TABLE notes (id int); ${APPEND_EFFECT}` })
      const { migrated, failed, skipped, left } = await fleet.migrate({ batch: 10 })
      assert.deepEqual([migrated, failed, left], [19, [], 0])
      assert.deepEqual(
        skipped.map(({ target, code }) => [target, code]),
        [['lost/shop/t7', 'PANAL_TARGET_LOST']],
      )
      assert.deepEqual(await effects(fleet), { schemas: 19, most: 1 })
    })

    test('a hook comes before the first file of each target, and what it refuses fails that target', async () => {
      const fleet = await makeFleet(fixture, 'hooked', 9)
      await fleet.write({
        'shop/migrations/002_a.sql': 'CREATE TABLE a (id int);',
        'shop/migrations/003_b.sql': 'CREATE TABLE b (id int);',
      })
      const heard: string[] = []
      const beforeTarget = async ({ tenant, schema }: Target): Promise<void> => {
        const [found] = await fleet.superuser.query(sql`SELECT to_regclass(${`${schema}.a`})::text AS it`)
        assert.deepEqual(found, { it: null })
        heard.push(tenant ?? '')
        if (tenant === 't4') throw new PanalError('PANAL_FOLDER_UNWRITABLE', 'No room for a backup.')
      }
      const { migrated, failed } = await fleet.migrate({ beforeTarget })
      assert.deepEqual(
        [migrated, failed.map(({ target, code }) => [target, code]), new Set(heard).size, heard.length],
        [8, [['hooked/shop/t4', 'PANAL_FOLDER_UNWRITABLE']], 9, 9],
      )
    })

    test('two runs in one process share a fleet', async () => {
      const fleet = await makeFleet(fixture, 'shared', 300)
      await fleet.write({
        'shop/migrations/002_a.sql': `ALTER TABLE orders ADD COLUMN a int; ${APPEND_EFFECT}`,
      })
      const results = await Promise.all([fleet.migrate(), fleet.migrate(), fleet.migrate({ concurrency: 3 })])
      assert.deepEqual(
        results.map(({ failed, left }) => [failed, left]),
        Array(3).fill([[], 0]),
      )
      assert.equal(
        results.reduce((sum, { migrated }) => sum + migrated, 0),
        300,
      )
      assert.deepEqual(await effects(fleet), { schemas: 300, most: 1 })
    })

    test('transaction:false over a fleet builds indexes beside the rest', async () => {
      const fleet = await makeFleet(fixture, 'online', 12)
      await fleet.write({
        'shop/migrations/002_index.sql':
          '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY orders_channel ON orders (channel);',
      })
      const { migrated, failed } = await fleet.migrate({ concurrency: 3 })
      assert.deepEqual([migrated, failed], [12, []])
      const [found] = await fleet.superuser.query(sql`
        SELECT count(*)::int AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relname = 'orders_channel' AND indisvalid`)
      assert.deepEqual(found, { valid: 12 })
    })

    test('a lock on one table: the others go on at once, their users notice nothing, the target follows', async (t) => {
      const fleet = await makeFleet(fixture, 'locked', 400)
      await fleet.write({
        'shop/migrations/002_a.sql': `ALTER TABLE orders ADD COLUMN a int; CREATE INDEX ON orders (channel); ${APPEND_EFFECT}`,
      })
      const lockMs = Number(process.env.PANAL_LOCK_SECONDS ?? 3) * 1_000
      const url = withDatabase(fixture.server.superuserUrl, fleet.system.database)
      await using holder = await openConnection(url)
      await using user = await openConnection(url)
      await holder.script('BEGIN; LOCK TABLE locked_t77.orders IN ACCESS SHARE MODE')
      const released = new Promise<void>((resolve) => {
        setTimeout(() => void holder.script('ROLLBACK').then(() => resolve()), lockMs)
      })
      const times: number[] = []
      let othersDoneMs = 0
      let running = true
      const users = (async () => {
        for (let turn = 0; running; turn++) {
          const tenant = 1 + ((turn * 37) % 400)
          if (tenant === 77) continue
          const began = performance.now()
          await user.script(`SELECT count(*) FROM locked_t${tenant}.orders`)
          times.push(performance.now() - began)
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      })()
      const began = performance.now()
      const context = {
        ...fixture.context,
        onProgress: (event: { kind: string; done?: number }) => {
          if (event.kind === 'advance' && event.done === 399) othersDoneMs = performance.now() - began
        },
      }
      const result = await migrateFleet(context, { migrations: await fleet.load(), targets: fleet.targets })
      const allDoneMs = performance.now() - began
      running = false
      await users
      await released
      assert.deepEqual([result.migrated, result.failed], [400, []])
      assert.deepEqual(
        result.waves.map(({ waited }) => waited),
        [1],
      )
      const sorted = times.sort((a, b) => a - b)
      const p99 = sorted[Math.floor(sorted.length * 0.99)]!
      t.diagnostic(
        `locked ${lockMs} ms; others done after ${Math.round(othersDoneMs)} ms; ${times.length} queries of other tenants, p99 ${p99.toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(1)} ms`,
      )
      assert.ok(othersDoneMs > 0 && othersDoneMs < lockMs, `the others took ${othersDoneMs} ms`)
      assert.ok(allDoneMs >= lockMs - 100)
      assert.ok(p99 < 250, `p99 ${p99} ms`)
    })

    test('a lock that outlives the deadline fails its target, which names its file', async () => {
      const fleet = await makeFleet(fixture, 'stuck', 30)
      await fleet.write({ 'shop/migrations/002_a.sql': 'ALTER TABLE orders ADD COLUMN a int;' })
      await using holder = await openConnection(
        withDatabase(fixture.server.superuserUrl, fleet.system.database),
      )
      await holder.script('BEGIN; LOCK TABLE stuck_t9.orders')
      const { migrated, failed } = await fleet.migrate({ limits: { deadlineMs: 1_200 } })
      assert.equal(migrated, 29)
      assert.deepEqual(
        failed.map(({ target, code, sqlState, migration }) => [target, code, sqlState, migration]),
        [['stuck/shop/t9', 'PANAL_LOCK_TIMEOUT', '55P03', '002_a']],
      )
    })
  })
}
