import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrateFleet as migrate } from '../src/control/fleet/index.ts'
import { migrationStatus } from '../src/control/migrate/index.ts'
import { openConnection, sql, withDatabase } from '../src/postgres/index.ts'
import { serverKinds } from './harness/servers.ts'
import { type MigrateFixture, startMigrateFixture, type TestSystem } from './migrate-fixture.ts'

const MARKER = '-- migrate:up transaction:false\n'

for (const kind of serverKinds()) {
  describe(`transaction:false on ${kind.major} as ${kind.admin}`, () => {
    let fixture: MigrateFixture
    before(async () => {
      fixture = await startMigrateFixture(kind)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    const run = async (app: TestSystem) =>
      await migrate(fixture.context, { migrations: await app.load(), targets: app.targets })

    const indexes = async (app: TestSystem) =>
      await app.superuser.query(sql`
        SELECT c.relname::text AS name, i.indisvalid AS valid, c.relowner::regrole::text AS owner
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'shop'::regnamespace ORDER BY 1`)

    test('runs each statement on its own as the owner, and leaves no trace of the work', async () => {
      const app = await fixture.system({ name: 'plain', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_t.sql': `CREATE TABLE t (a int, b int); CREATE INDEX old ON t (b);
          CREATE TYPE mood AS ENUM ('fine');`,
        'shop/migrations/2_i.sql': `${MARKER}
          CREATE INDEX CONCURRENTLY t_a ON t (a); -- é
          DROP INDEX CONCURRENTLY old;
          ALTER TYPE mood ADD VALUE 'sad';
          REINDEX TABLE CONCURRENTLY t;
          VACUUM t; ANALYZE t`,
      })
      const result = await run(app)
      assert.deepEqual([result.failed, result.files], [[], 2])
      assert.deepEqual(await indexes(app), [{ name: 't_a', valid: true, owner: 'plain_shop_owner' }])
      assert.deepEqual(await app.superuser.query(sql`SELECT FROM panal.ledger_statements`), [])
      assert.equal((await run(app)).upToDate, 1)
    })

    test('an index that came out invalid is dropped and built again by the next run', async () => {
      const app = await fixture.system({ name: 'invalid', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_t.sql': 'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);',
        'shop/migrations/2_i.sql': `${MARKER}\n  CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);`,
      })
      const [failed] = (await run(app)).failed
      assert.deepEqual(
        [failed?.code, failed?.sqlState, failed?.place?.line, failed?.place?.column],
        ['PANAL_MIGRATION_FAILED', '23505', 3, 3],
      )
      assert.deepEqual(await indexes(app), [{ name: 't_a', valid: false, owner: 'invalid_shop_owner' }])
      const [status] = await migrationStatus(fixture.context, await app.load(), app.targets)
      assert.deepEqual([status?.unfinished, status?.pending], [true, ['2_i']])
      await app.superuser.script('DELETE FROM shop.t')
      assert.deepEqual((await run(app)).failed, [])
      assert.deepEqual(await indexes(app), [{ name: 't_a', valid: true, owner: 'invalid_shop_owner' }])
    })

    test('IF NOT EXISTS over an invalid index of somebody else is not taken for success', async () => {
      const app = await fixture.system({ name: 'foreign', services: { shop: {} } })
      await app.write({ 'shop/migrations/1_t.sql': 'CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);' })
      await run(app)
      const concurrently = 'CREATE UNIQUE INDEX CONCURRENTLY t_a ON shop.t (a)'
      await assert.rejects(app.superuser.script(concurrently))
      await app.write({
        'shop/migrations/2_i.sql': `${MARKER}CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);`,
      })
      const [failed] = (await run(app)).failed
      assert.match(failed?.message ?? '', /the index t_a is invalid/)
    })

    test('a syntax error that only the server finds keeps its place in the file', async () => {
      const app = await fixture.system({ name: 'spot', services: { shop: {} } })
      await app.write({
        'shop/migrations/1_t.sql': 'CREATE TABLE t (a int);',
        'shop/migrations/2_i.sql': `${MARKER}\nVACUUM t;/* 😀 */ CREATE INDEX CONCURRENTLY i\n ON t (gone);`,
      })
      const [failed] = (await run(app)).failed
      assert.deepEqual([failed?.sqlState, failed?.place?.line], ['42703', 3])
    })

    for (const point of ['during the statement', 'after it, before the record'] as const) {
      test(`killed -9 ${point}: the next run ends as an uninterrupted one`, async () => {
        const name = point === 'during the statement' ? 'killed_in' : 'killed_after'
        const app = await fixture.system({ name: name.replace('_', '-'), services: { shop: {} } })
        await app.write({
          'shop/migrations/1_t.sql': 'CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 1);',
        })
        await run(app)
        await app.write({
          'shop/migrations/2_i.sql': `${MARKER}CREATE INDEX CONCURRENTLY t_a ON t (a);\nCREATE INDEX CONCURRENTLY t_b ON t (b);`,
        })
        await killedRun(fixture, app, point)
        const begun = await app.superuser.query(sql`
          SELECT position, done_at IS NULL AS open FROM panal.ledger_statements ORDER BY position`)
        assert.deepEqual(begun, [{ position: 0, open: true }], 'begun, executed or not, not recorded')
        const valid = point === 'after it, before the record'
        const left = await indexes(app)
        assert.deepEqual(
          left.map((index) => index.valid),
          [valid],
        )
        const result = await run(app)
        assert.deepEqual([result.failed, result.files], [[], 1])
        const owner = `${name}_shop_owner`
        assert.deepEqual(
          await indexes(app),
          ['t_a', 't_b'].map((index) => ({ name: index, valid: true, owner })),
        )
        assert.deepEqual(await app.superuser.query(sql`SELECT FROM panal.ledger_statements`), [])
      })
    }

    test('two runners at once do the work once', async () => {
      const tenancy = {
        kind: 'schema',
        schema: (slug: string) => `race_${slug}`,
        login: (slug: string) => `race_user_${slug}`,
      } as const
      const tenants = Array.from({ length: 12 }, (_, n) => `t${n}`)
      const app = await fixture.system({ name: 'race', services: { shop: { tenancy } } }, tenants)
      await app.write({
        'shop/migrations/1_t.sql': 'CREATE TABLE t (a int);',
        'shop/migrations/2_wait.sql': 'SELECT pg_sleep(0.02); CREATE TABLE u (a int);',
        'shop/migrations/3_i.sql': `${MARKER}CREATE INDEX CONCURRENTLY t_a ON t (a);`,
      })
      const results = await Promise.all([run(app), run(app), run(app)])
      assert.deepEqual(
        results.map(({ failed }) => failed),
        [[], [], []],
      )
      const done = results.reduce((sum, { files }) => sum + files, 0)
      assert.equal(done, 36, 'each file on each target by exactly one of them')
      const [row] = await app.superuser.query(sql`SELECT count(*)::int AS count FROM panal.ledger_applied`)
      assert.deepEqual(row, { count: 36 })
    })
  })
}

/**
 * Migrates in a process of its own and kills it with -9. "During": while CREATE INDEX CONCURRENTLY waits
 * for an old transaction of ours. "After": when
 * the index is valid and the record, for which the process must write to a table that we lock, is not made.
 */
async function killedRun(fixture: MigrateFixture, app: TestSystem, point: string): Promise<void> {
  await using blocker = await openConnection(withDatabase(fixture.server.superuserUrl, app.system.database))
  const during = point === 'during the statement'
  await blocker.script(
    during
      ? 'BEGIN; UPDATE shop.t SET a = 2'
      : `BEGIN; CREATE FUNCTION panal.hold() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_sleep(600); RETURN NEW; END';
         CREATE TRIGGER hold BEFORE UPDATE ON panal.ledger_statements FOR EACH ROW EXECUTE FUNCTION panal.hold();
         COMMIT`,
  )
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'migrate-runner.ts'), fixture.server.url, app.system.file, app.system.name],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const ended = once(child, 'exit')
  const wanted = during ? "query LIKE 'CREATE INDEX%'" : "query LIKE '%UPDATE panal.ledger_statements%'"
  const waiting = `SELECT pid FROM pg_stat_activity
    WHERE application_name = 'panal-killed' AND state = 'active' AND wait_event IS NOT NULL AND ${wanted}`
  const pid = await untilFound(async () => (await app.superuser.script(waiting))[0]?.rows[0]?.pid)
  child.kill('SIGKILL')
  await ended
  // The server's process outlives its client until it next looks at the socket. Until then it holds the
  // target's lock, so that the next run would wait for it.
  await app.superuser.script(`SELECT pg_terminate_backend(${Number(pid)})`)
  await untilFound(async () => {
    const [result] = await app.superuser.script(`SELECT FROM pg_stat_activity WHERE pid = ${Number(pid)}`)
    return result?.rowCount === 0 ? true : undefined
  })
  if (!during)
    await app.superuser.script('DROP TRIGGER hold ON panal.ledger_statements; DROP FUNCTION panal.hold')
}

async function untilFound<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(20)
  }
  throw new Error('What the test waits for did not come within 30 s')
}
