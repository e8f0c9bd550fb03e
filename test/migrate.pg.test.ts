import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { migrateFleet as migrate } from '../src/control/fleet/index.ts'
import { migrationStatus } from '../src/control/migrate/index.ts'
import { sql } from '../src/postgres/index.ts'
import { serverKinds } from './harness/servers.ts'
import { type MigrateFixture, refusedAs, startMigrateFixture } from './migrate-fixture.ts'

for (const kind of serverKinds()) {
  describe(`migrate on ${kind.major} as ${kind.admin}`, () => {
    let fixture: MigrateFixture
    before(async () => {
      fixture = await startMigrateFixture(kind)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('applies files in order as the owner, records them, and finds nothing to do the second time', async () => {
      const app = await fixture.system({ name: 'first', services: { shop: {} } })
      await app.write({
        'shop/migrations/001_orders.sql':
          '-- migrate:up\nCREATE TABLE orders (id int);\n-- migrate:down\nDROP TABLE orders;',
        'shop/migrations/002_notes.sql': 'CREATE TABLE notes (id int); -- the last line is a comment',
        'shop/migrations/R_views.sql': 'CREATE OR REPLACE VIEW all_orders AS SELECT * FROM orders;',
      })
      const migrations = await app.load()
      const first = await migrate(fixture.context, { migrations, targets: app.targets, run: 'r-1' })
      assert.deepEqual(
        { migrated: first.migrated, files: first.files, upToDate: first.upToDate, failed: first.failed },
        { migrated: 1, files: 3, upToDate: 0, failed: [] },
      )
      const tables = await app.superuser.query<{ name: string; owner: string }>(sql`
        SELECT relname::text AS name, relowner::regrole::text AS owner FROM pg_class
        WHERE relnamespace = 'shop'::regnamespace ORDER BY 1`)
      assert.deepEqual(
        tables,
        ['all_orders', 'notes', 'orders'].map((name) => ({ name, owner: 'first_shop_owner' })),
      )
      const rows = await app.superuser.query(sql`
        SELECT item, how, run, duration_ms IS NOT NULL AS timed FROM panal.ledger_applied ORDER BY item`)
      assert.deepEqual(
        rows,
        ['1', '2', 'R_views.sql'].map((item) => ({ item, how: 'applied', run: 'r-1', timed: true })),
      )
      const second = await migrate(fixture.context, { migrations, targets: app.targets })
      assert.deepEqual([second.migrated, second.upToDate, second.files], [0, 1, 0])
    })

    test('a repeatable file runs again when its text changes, and only then', async () => {
      const app = await fixture.system({ name: 'again', services: { shop: {} } })
      const path = 'shop/migrations/R_answer.sql'
      await app.write({ [path]: 'CREATE OR REPLACE VIEW answer AS SELECT 41 AS value;\r\n' })
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      await app.write({ [path]: '\uFEFFCREATE OR REPLACE VIEW answer AS SELECT 41 AS value;\n\n' })
      assert.equal(
        (await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })).files,
        0,
      )
      await app.write({ [path]: 'CREATE OR REPLACE VIEW answer AS SELECT 42 AS value;' })
      assert.equal(
        (await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })).files,
        1,
      )
      assert.deepEqual(await app.superuser.query(sql`SELECT value FROM shop.answer`), [{ value: 42 }])
    })

    test('a failing file leaves those before it, skips those after it, and does not stop other tenants', async () => {
      const app = await fixture.system(
        { name: 'fleet', services: { shop: { tenancy: byTenant('fleet') } } },
        ['acme', 'lumen', 'nova'],
      )
      await app.write({ 'shop/migrations/1_orders.sql': 'CREATE TABLE orders (id int, channel text);' })
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      await app.superuser.script(`INSERT INTO fleet_lumen.orders VALUES (8812, 'fax')`)
      await app.write({
        'shop/migrations/2_notes.sql': 'CREATE TABLE notes (id int);',
        'shop/migrations/3_channel.sql':
          "SELECT 1;\n\n  ALTER TABLE orders ADD CHECK (channel IN ('web'));\nCREATE TABLE never (id int);",
        'shop/migrations/4_more.sql': 'CREATE TABLE more (id int);',
      })
      const result = await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      assert.equal(result.migrated, 2)
      const [failed, ...others] = result.failed
      assert.deepEqual(others, [])
      assert.deepEqual(
        [failed?.target, failed?.migration, failed?.code, failed?.sqlState],
        ['fleet/shop/lumen', '3_channel', 'PANAL_MIGRATION_FAILED', '23514'],
      )
      assert.deepEqual(
        [failed?.place?.line, failed?.place?.column],
        [3, 3],
        'the statement, which has no position',
      )
      const status = await migrationStatus(fixture.context, await app.load(), app.targets)
      assert.deepEqual(
        status.map(({ target, version, pending }) => [target.tenant, version, pending]),
        [
          ['acme', '4_more', []],
          ['lumen', '2_notes', ['3_channel', '4_more']],
          ['nova', '4_more', []],
        ],
      )
      assert.deepEqual(await app.superuser.query(sql`SELECT to_regclass('fleet_lumen.never') AS it`), [
        { it: null },
      ])
      await app.superuser.script(`UPDATE fleet_lumen.orders SET channel = 'web'`)
      const mended = await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      assert.deepEqual([mended.migrated, mended.upToDate, mended.failed], [1, 2, []])
    })

    test('an edited applied file is refused with its difference, and nothing else is applied', async () => {
      const app = await fixture.system({ name: 'edited', services: { shop: {} } })
      await app.write({ 'shop/migrations/1_a.sql': 'CREATE TABLE a (\n  id int\n);' })
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      await app.write({
        'shop/migrations/1_a.sql': 'CREATE TABLE a (\n  id bigint\n);',
        'shop/migrations/2_b.sql': 'CREATE TABLE b (id int);',
      })
      const migrations = await app.load()
      await assert.rejects(
        migrate(fixture.context, { migrations, targets: app.targets }),
        refusedAs('PANAL_MIGRATION_EDITED', ({ details, place, exitCode }) => {
          assert.equal(exitCode, 2)
          assert.match(place?.file ?? '', /1_a\.sql$/)
          assert.deepEqual(details, [
            '--- applied',
            '+++ now',
            '@@ -1,4 +1,4 @@',
            ' CREATE TABLE a (',
            '-  id int',
            '+  id bigint',
            ' );',
            ' ',
          ])
        }),
      )
      assert.deepEqual(await app.superuser.query(sql`SELECT to_regclass('shop.b') AS it`), [{ it: null }])
    })

    test('an unapplied file below the head is refused unless outOfOrder; a missing one always', async () => {
      const app = await fixture.system({ name: 'below', services: { shop: {} } })
      await app.write({
        'shop/migrations/001_a.sql': 'CREATE TABLE a (id int);',
        'shop/migrations/20240101000000_c.sql': 'CREATE TABLE c (id int);',
      })
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      await app.write({ 'shop/migrations/2_b.sql': 'CREATE TABLE b (id int);' })
      const migrations = await app.load()
      await assert.rejects(
        migrate(fixture.context, { migrations, targets: app.targets }),
        refusedAs('PANAL_MIGRATION_BELOW_HEAD', ({ place }) => assert.match(place?.file ?? '', /2_b\.sql$/)),
      )
      const late = await migrate(fixture.context, { migrations, targets: app.targets, outOfOrder: true })
      assert.equal(late.files, 1)
      await app.write({ 'shop/migrations/001_a.sql': null })
      await assert.rejects(
        migrate(fixture.context, { migrations: await app.load(), targets: app.targets }),
        refusedAs('PANAL_MIGRATION_MISSING'),
      )
    })

    test('requires orders files across services; what it requires must be applied', async () => {
      const app = await fixture.system({ name: 'wants', services: { courses: {}, auth: {} } })
      await app.write({
        'courses/migrations/1_a.sql': '-- requires: auth@2\nCREATE TABLE a (id int);',
        'auth/migrations/001_users.sql': 'CREATE TABLE users (id int);',
        'auth/migrations/002_roles.sql': 'CREATE TABLE roles (id int);',
      })
      const migrations = await app.load()
      const alone = { migrations, targets: [app.target('courses')], known: app.targets }
      const refused = await migrate(fixture.context, alone)
      assert.equal(refused.failed[0]?.code, 'PANAL_MIGRATION_REQUIRES_UNMET')
      assert.equal(refused.failed[0]?.place?.line, 1)
      const all = await migrate(fixture.context, { migrations, targets: app.targets })
      assert.deepEqual([all.migrated, all.files, all.failed], [2, 3, []])
      const [row] = await app.superuser.query<{ items: string[] }>(sql`
        SELECT array_agg(service || item ORDER BY applied_at) AS items FROM panal.ledger_applied`)
      assert.deepEqual(row?.items, ['auth1', 'auth2', 'courses1'])
    })

    test('--to stops at a version and holds repeatable files back; an unknown version is refused', async () => {
      const app = await fixture.system({ name: 'upto', services: { shop: {} } })
      await app.write({
        'shop/migrations/001_a.sql': 'CREATE TABLE a (id int);',
        'shop/migrations/002_b.sql': 'CREATE TABLE b (id int);',
        'shop/migrations/R_v.sql': 'CREATE OR REPLACE VIEW v AS SELECT * FROM b;',
      })
      const migrations = await app.load()
      const common = { migrations, targets: app.targets }
      assert.equal((await migrate(fixture.context, { ...common, to: '1' })).files, 1)
      await assert.rejects(
        migrate(fixture.context, { ...common, to: '7' }),
        refusedAs('PANAL_MIGRATION_VERSION_UNKNOWN'),
      )
      assert.equal((await migrate(fixture.context, common)).files, 2)
    })

    test('a signal ends the run between targets; what was finished stays recorded', async () => {
      const tenants = ['aa', 'bb', 'cc']
      const app = await fixture.system(
        { name: 'stopped', services: { shop: { tenancy: byTenant('stopped') } } },
        tenants,
      )
      await app.write({ 'shop/migrations/1_a.sql': 'CREATE TABLE a (id int);' })
      const migrations = await app.load()
      const controller = new AbortController()
      const context = {
        ...fixture.context,
        signal: controller.signal,
        onProgress: (event: { kind: string }) => {
          if (event.kind === 'advance') controller.abort()
        },
      }
      const result = await migrate(context, { migrations, targets: app.targets, concurrency: 1, batch: 1 })
      assert.deepEqual([result.interrupted, result.migrated, result.failed], [true, 1, []])
      const rest = await migrate(fixture.context, { migrations, targets: app.targets })
      assert.deepEqual([rest.migrated, rest.upToDate], [2, 1])
    })

    test('an error keeps its line and column: line 7, a DO body, an emoji, a deferred constraint at COMMIT', async () => {
      const app = await fixture.system({ name: 'places', services: { shop: {} } })
      const failingPlace = async (text: string): Promise<readonly unknown[]> => {
        await app.write({ 'shop/migrations/1_x.sql': text })
        const result = await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
        const [failed] = result.failed
        return [failed?.sqlState, failed?.place?.line, failed?.place?.column]
      }
      const lines = '-- migrate:up\n\n\n\n\n\n'
      assert.deepEqual(await failingPlace(`${lines}  SELECT missing;`), ['42703', 7, 10])
      assert.deepEqual(await failingPlace(`SELECT '😀é', missing;`), ['42703', 1, 14])
      assert.deepEqual(await failingPlace(`\r\nDO $$\r\nBEGIN\r\n  PERFORM 1 / 0;\r\nEND $$;`), [
        '22012',
        4,
        3,
      ])
      assert.deepEqual(await failingPlace(`DO $$\nBEGIN\n  PERFORM gone('😀');\nEND $$;`), ['42883', 3, 11])
      const deferred = `CREATE TABLE a (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);`
      assert.deepEqual(await failingPlace(deferred), ['23505', undefined, undefined])
      assert.deepEqual(await app.superuser.query(sql`SELECT FROM panal.ledger_applied`), [])
    })

    test('deferred triggers run as the owner at COMMIT, and a file cannot reach the ledger', async () => {
      const app = await fixture.system({ name: 'commit', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_a.sql': `CREATE TABLE a (who text);
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN UPDATE a SET who = current_user || ' in ' || current_schema(); RETURN NULL; END $$;
          CREATE CONSTRAINT TRIGGER late AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION note();
          INSERT INTO a VALUES ('nobody yet');`,
      })
      const targets = app.targets
      assert.deepEqual((await migrate(fixture.context, { migrations: await app.load(), targets })).failed, [])
      assert.deepEqual(await app.superuser.query(sql`SELECT who FROM shop.a`), [
        { who: 'commit_shop_owner in shop' },
      ])
      await app.write({ 'shop/migrations/2_b.sql': 'DELETE FROM panal.ledger_applied;' })
      const [failed] = (await migrate(fixture.context, { migrations: await app.load(), targets })).failed
      assert.equal(failed?.sqlState, '42501')
    })

    test('rights that the model narrows are set before COMMIT; an error of the file keeps its place', async () => {
      const app = await fixture.system({
        name: 'rights',
        services: { shop: { login: 'rights_svc', tables: { log: ['select', 'insert'] } } },
      })
      await app.superuser.script('CREATE ROLE rights_svc LOGIN')
      await app.write({ 'shop/migrations/1_a.sql': 'CREATE TABLE log (id int);' })
      const targets = app.targets
      assert.deepEqual((await migrate(fixture.context, { migrations: await app.load(), targets })).failed, [])
      const [rights] = await app.superuser.query(sql`
        SELECT has_table_privilege('rights_svc', 'shop.log', 'INSERT') AS inserts,
          has_table_privilege('rights_svc', 'shop.log', 'DELETE') AS deletes`)
      assert.deepEqual(rights, { inserts: true, deletes: false })
      await app.write({
        'shop/migrations/2_b.sql': 'CREATE TABLE b (id int);',
        'shop/migrations/3_c.sql': 'SELECT 1;\n SELECT 1 / 0;',
      })
      const result = await migrate(fixture.context, { migrations: await app.load(), targets })
      assert.deepEqual([result.failed[0]?.migration, result.failed[0]?.place?.line], ['3_c', 2])
      const status = await migrationStatus(fixture.context, await app.load(), targets)
      assert.deepEqual(status[0]?.pending, ['3_c'])
    })

    test('the status of 10,000 targets takes less than a second', async () => {
      const app = await fixture.system(
        { name: 'large', services: { shop: { tenancy: byTenant('large') } } },
        ['aa', 'bb'],
      )
      await app.write({ 'shop/migrations/1_a.sql': 'CREATE TABLE a (id int);' })
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })
      await app.superuser.script(`
        INSERT INTO panal.ledger_applied (system, service, schema, item, tenant, file, how)
        SELECT 'large', 'shop', 'large_t' || n, '1', 't' || n, max(file), 'applied'
        FROM panal.ledger_applied, generate_series(1, 10000) AS n GROUP BY n;
        ANALYZE panal.ledger_applied`)
      const targets = Array.from({ length: 10_000 }, (_, n) => ({
        ...app.target('shop', 'aa'),
        tenant: `t${n + 1}`,
        schema: `large_t${n + 1}`,
      }))
      const migrations = await app.load()
      const began = performance.now()
      const status = await migrationStatus(fixture.context, migrations, targets)
      const seconds = (performance.now() - began) / 1000
      assert.equal(
        status.filter(({ version, pending }) => version === '1_a' && pending.length === 0).length,
        10_000,
      )
      assert.ok(seconds < 1, `10,000 targets took ${seconds} s`)
    })
  })
}

function byTenant(prefix: string): {
  kind: 'schema'
  schema: (slug: string) => string
  login: (slug: string) => string
} {
  return { kind: 'schema', schema: (slug) => `${prefix}_${slug}`, login: (slug) => `${prefix}_user_${slug}` }
}
