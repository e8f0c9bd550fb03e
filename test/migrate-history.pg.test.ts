import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { migrateFleet as migrate } from '../src/control/fleet/index.ts'
import { baseline, migrationStatus, rollback } from '../src/control/migrate/index.ts'
import { runSeeds } from '../src/control/seeds/index.ts'
import { ensureLedger, targetLock } from '../src/control/state/index.ts'
import { sql, withAdvisoryLock } from '../src/postgres/index.ts'
import { serverKinds } from './harness/servers.ts'
import { type MigrateFixture, refusedAs, startMigrateFixture, type TestSystem } from './migrate-fixture.ts'

const table = (name: string) =>
  `-- migrate:up\nCREATE TABLE ${name} (id int);\n-- migrate:down\nDROP TABLE ${name};\n`

for (const kind of serverKinds()) {
  describe(`migrations taken back, adopted, seeded on ${kind.major} as ${kind.admin}`, () => {
    let fixture: MigrateFixture
    before(async () => {
      fixture = await startMigrateFixture(kind)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    const run = async (app: TestSystem) =>
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })

    const tables = async (app: TestSystem): Promise<readonly string[]> => {
      const rows = await app.superuser.query<{ name: string }>(sql`
        SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class
        WHERE relkind = 'r' AND relowner::regrole::text LIKE '%_owner' ORDER BY 1`)
      return rows.map(({ name }) => name)
    }

    const versions = async (app: TestSystem) =>
      (await migrationStatus(fixture.context, await app.load(), app.targets)).map(({ version }) => version)

    test('rollback --to runs the down parts newest first, --only one of them', async () => {
      const app = await fixture.system({ name: 'back', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_a.sql': table('a'),
        'shop/migrations/2_b.sql':
          '-- migrate:up\nALTER TABLE a ADD b int;\n-- migrate:down\nALTER TABLE a DROP b;',
        'shop/migrations/3_c.sql': table('c'),
        'shop/migrations/4_i.sql':
          '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON c (id);\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY i;',
      })
      await run(app)
      const common = { migrations: await app.load(), targets: app.targets }
      const only = await rollback(fixture.context, { ...common, back: { only: '2' } })
      assert.deepEqual([only.failed, only.files], [[], 1])
      assert.deepEqual(await tables(app), ['shop.a', 'shop.c'])
      const to = await rollback(fixture.context, { ...common, back: { to: '1' } })
      assert.deepEqual([to.failed, to.files, await tables(app)], [[], 2, ['shop.a']])
      assert.deepEqual(await versions(app), ['1_a'])
      const all = await rollback(fixture.context, { ...common, back: { to: '0' } })
      assert.deepEqual([all.failed, await tables(app), await versions(app)], [[], [], [null]])
      assert.deepEqual((await run(app)).failed, [], 'and up again')
      await assert.rejects(
        rollback(fixture.context, { ...common, back: { to: '9' } }),
        refusedAs('PANAL_MIGRATION_VERSION_UNKNOWN'),
      )
    })

    test('a missing down part is an error before anything is taken back', async () => {
      const app = await fixture.system({ name: 'nodown', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_a.sql': 'CREATE TABLE a (id int);',
        'shop/migrations/2_b.sql': table('b'),
      })
      await run(app)
      await assert.rejects(
        rollback(fixture.context, { migrations: await app.load(), targets: app.targets, back: { to: '0' } }),
        refusedAs('PANAL_MIGRATION_DOWN_MISSING'),
      )
      assert.deepEqual(await tables(app), ['shop.a', 'shop.b'])
    })

    test('what another service requires is not taken back, or takes the dependant along', async () => {
      const app = await fixture.system({ name: 'needed', services: { auth: {}, shop: {} } })
      await app.write({
        'auth/migrations/1_users.sql': table('users'),
        'shop/migrations/1_a.sql': table('a'),
        'shop/migrations/2_b.sql': `-- requires: auth@1\n${table('b')}`,
        'shop/migrations/3_c.sql': table('c'),
      })
      await run(app)
      const options = {
        migrations: await app.load(),
        targets: [app.target('auth')],
        known: app.targets,
        back: { to: '0' },
      }
      await assert.rejects(
        rollback(fixture.context, options),
        refusedAs('PANAL_MIGRATION_DEPENDANT', ({ message, place }) => {
          assert.match(message, /1_users of needed\/auth is required by 2_b of needed\/shop/)
          assert.equal(place?.line, 1)
        }),
      )
      assert.equal((await tables(app)).length, 4)
      const result = await rollback(fixture.context, { ...options, cascade: true })
      assert.deepEqual([result.failed, result.files, await tables(app)], [[], 3, ['shop.a']])
    })

    test('baseline records without running, and refuses a schema with history', async () => {
      const app = await fixture.system({ name: 'adopted', services: { shop: {} } })
      await app.write({ 'shop/migrations/1_a.sql': table('a'), 'shop/migrations/2_b.sql': table('b') })
      await app.superuser.script('SET ROLE adopted_shop_owner; CREATE TABLE shop.a (id int); RESET ROLE')
      const options = { migrations: await app.load(), targets: app.targets, to: '1' }
      assert.deepEqual(await baseline(fixture.context, options), [
        { target: app.target('shop'), versions: 1 },
      ])
      assert.equal((await run(app)).files, 1)
      assert.deepEqual(await tables(app), ['shop.a', 'shop.b'])
      await assert.rejects(baseline(fixture.context, options), refusedAs('PANAL_BASELINE_REFUSED'))
    })

    test('twenty at once make one ledger, which no other role can read', async () => {
      const app = await fixture.system({ name: 'ledger', services: { shop: {} } })
      const connections = await Promise.all(Array.from({ length: 20 }, () => app.open()))
      await Promise.all(connections.map((connection) => ensureLedger(connection)))
      await Promise.all(connections.map((connection) => connection.close()))
      await app.superuser.script('SET ROLE ledger_shop_owner')
      await assert.rejects(app.superuser.query(sql`SELECT FROM panal.ledger_applied`), /permission denied/)
      await app.superuser.script('RESET ROLE; UPDATE panal.ledger_format SET format = 99')
      await assert.rejects(run(app), refusedAs('PANAL_LEDGER_FORMAT'))
    })

    test('a target that another run holds is waited for, and its holder named when that takes too long', async () => {
      const app = await fixture.system({ name: 'held', services: { shop: {} } })
      await app.write({ 'shop/migrations/1_a.sql': table('a') })
      await using holder = await app.open()
      const result = await withAdvisoryLock(holder, targetLock('shop'), { timeoutMs: 0 }, async () =>
        migrate(fixture.context, {
          migrations: await app.load(),
          targets: app.targets,
          limits: { deadlineMs: 150 },
        }),
      )
      assert.equal(result.failed[0]?.code, 'PANAL_LOCK_TIMEOUT')
      assert.match(result.failed[0]?.message ?? '', new RegExp(`process ${holder.processId} `))
    })

    test('a table that others use is not waited for longer than the lock timeout, but asked for again', async () => {
      const app = await fixture.system({ name: 'busy', services: { shop: {} } })
      await app.write({ 'shop/migrations/1_a.sql': table('a') })
      await run(app)
      await app.write({ 'shop/migrations/2_b.sql': '\n ALTER TABLE a ADD b int;' })
      await app.superuser.script('BEGIN; LOCK TABLE shop.a')
      const limits = { lockTimeoutMs: 20, deadlineMs: 400 }
      const options = { migrations: await app.load(), targets: app.targets, limits }
      const [failed] = (await migrate(fixture.context, options)).failed
      assert.deepEqual([failed?.code, failed?.place?.line], ['PANAL_LOCK_TIMEOUT', 2])
      const release = setTimeout(() => void app.superuser.script('ROLLBACK'), 200)
      const result = await migrate(fixture.context, {
        ...options,
        limits: { lockTimeoutMs: 20, deadlineMs: 20_000 },
      })
      clearTimeout(release)
      assert.deepEqual(result.failed, [])
    })

    test('seeds run as the owner in the schema, with their settings, all in one transaction', async () => {
      const tenancy = {
        kind: 'schema',
        schema: (slug: string) => `seeds_${slug}`,
        login: (slug: string) => `seeds_user_${slug}`,
      } as const
      const app = await fixture.system({ name: 'seeds', services: { shop: { tenancy } } }, ['acme', 'nova'])
      await app.write({
        'shop/migrations/1_a.sql': 'CREATE TABLE a (tenant text, n int, by text);',
        'shop/seeds/2_more.sql': 'INSERT INTO a SELECT tenant, 0, current_user FROM a LIMIT 1',
        'shop/seeds/1_a.sql': `INSERT INTO a SELECT current_setting('panal.tenant'), n, current_user
          FROM generate_series(1, current_setting('panal.scale')::int) AS n; -- the end`,
      })
      await run(app)
      await using connection = await app.open()
      const done = await runSeeds(connection, app.system, app.target('shop', 'acme'), { scale: 3 })
      assert.deepEqual(
        done.map(({ target, file, rows }) => ({ target, file, rows })),
        [
          { target: 'seeds/shop/acme', file: '1_a.sql', rows: 3 },
          { target: 'seeds/shop/acme', file: '2_more.sql', rows: 1 },
        ],
      )
      const rows = await app.superuser.query(sql`
        SELECT DISTINCT tenant, by FROM seeds_acme.a UNION ALL SELECT tenant, by FROM seeds_nova.a`)
      assert.deepEqual(rows, [{ tenant: 'acme', by: 'seeds_shop_owner' }])
      await app.write({ 'shop/seeds/3_bad.sql': "INSERT INTO a VALUES ('x', 1);\n  SELECT 1 / 0;" })
      await assert.rejects(
        runSeeds(connection, app.system, app.target('shop', 'nova')),
        refusedAs('PANAL_SEED_FAILED', ({ place }) => assert.deepEqual([place?.line, place?.column], [2, 3])),
      )
      await app.write({ 'shop/seeds/3_bad.sql': 'GRANT SELECT ON a TO PUBLIC;' })
      await assert.rejects(
        runSeeds(connection, app.system, app.target('shop', 'nova')),
        refusedAs('PANAL_MIGRATION_REFUSED'),
      )
      const [count] = await app.superuser.query(sql`SELECT count(*)::int AS count FROM seeds_nova.a`)
      assert.deepEqual(count, { count: 0 }, 'a target is seeded whole or not at all')
    })
  })
}
