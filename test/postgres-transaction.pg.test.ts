import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../src/model/index.ts'
import {
  type Connection,
  isServerError,
  openConnection,
  sql,
  sqlStateOf,
  withRetries,
} from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

const failsWith = (code: string) => (error: unknown) => error instanceof PanalError && error.code === code
const failsWithState = (state: string) => (error: unknown) => isServerError(error) && error.code === state

for (const major of [18, 15] as const) {
  describe(`a transaction on PostgreSQL ${major}`, () => {
    let server: TestServer
    let admin: Connection
    let connection: Connection
    const rows = () => admin.query<{ id: number }>(sql`SELECT id FROM kept ORDER BY id`)
    const insert = (id: number, by = connection) => by.query(sql`INSERT INTO kept VALUES (${id})`)

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      admin = await openConnection(server.url)
      connection = await openConnection(server.url)
    })
    after(async () => {
      await connection?.close()
      await admin?.close()
      await server?.[Symbol.asyncDispose]()
    })
    beforeEach(async () => {
      await admin.script('DROP TABLE IF EXISTS kept CASCADE; CREATE TABLE kept (id int PRIMARY KEY)')
    })

    test('commits what its work did and gives its result', async () => {
      const result = await connection.transaction(async (inside) => {
        assert.equal(inside.inTransaction, true)
        await insert(1)
        return 'done'
      })
      assert.deepEqual([result, await rows(), connection.inTransaction], ['done', [{ id: 1 }], false])
    })

    test('rolls back when its work throws, and passes the error on', async () => {
      const failure = new Error('no')
      await assert.rejects(
        connection.transaction(async () => {
          await insert(1)
          throw failure
        }),
        failure,
      )
      assert.deepEqual(await rows(), [])
      await connection.transaction(() => insert(2))
      assert.deepEqual(await rows(), [{ id: 2 }])
    })

    test('a failure that the work hid is not taken for a commit', async () => {
      const hides = connection.transaction(async () => {
        await insert(1)
        await insert(1).catch(() => undefined)
      })
      await assert.rejects(hides, failsWith('PANAL_INTERNAL'))
      assert.deepEqual(await rows(), [])
    })

    test('neither a transaction within it nor an end of it by its work is allowed', async () => {
      const nested = connection.transaction((inside) => inside.transaction(async () => undefined))
      await assert.rejects(nested, failsWith('PANAL_INTERNAL'))
      await assert.rejects(
        connection.transaction((inside) => inside.script('COMMIT')),
        failsWith('PANAL_INTERNAL'),
      )
    })

    test('has the isolation, access and lock timeout that were asked for', async () => {
      const modes = { isolation: 'serializable', readOnly: true, lockTimeoutMs: 70 } as const
      const [row] = await connection.transaction(
        (inside) =>
          inside.query(sql /* SQL */`SELECT current_setting('transaction_isolation') AS isolation,
          current_setting('transaction_read_only') AS access, current_setting('lock_timeout') AS timeout`),
        modes,
      )
      assert.deepEqual({ ...row }, { isolation: 'serializable', access: 'on', timeout: '70ms' })
      assert.deepEqual(await connection.query(sql`SHOW lock_timeout`), [{ lock_timeout: '0' }])
    })

    test('a lock that does not come in time fails with 55P03 and may be retried', async () => {
      let retries = 0
      await admin.transaction(async () => {
        await insert(1, admin)
        const blocked = connection.transaction((inside) => inside.script('LOCK TABLE kept'), {
          lockTimeoutMs: 30,
        })
        await assert.rejects(blocked, failsWithState('55P03'))
      })
      const locker = await openConnection(server.url)
      await locker.script('BEGIN; LOCK TABLE kept')
      await withRetries(() => connection.transaction(() => insert(2), { lockTimeoutMs: 30 }), {
        deadlineMs: 20_000,
        random: () => 0,
        onRetry: () => {
          retries += 1
          if (retries === 2) locker.close().catch(assert.fail)
        },
      })
      assert.ok(retries >= 2)
      assert.deepEqual(await rows(), [{ id: 1 }, { id: 2 }])
    })

    test('an error at COMMIT is the server’s, and certain', async () => {
      await admin.script('ALTER TABLE kept ADD other int REFERENCES kept DEFERRABLE INITIALLY DEFERRED')
      const dangling = connection.transaction((inside) => inside.query(sql`INSERT INTO kept VALUES (1, 99)`))
      await assert.rejects(dangling, failsWithState('23503'))
      assert.deepEqual(await rows(), [])
    })

    test('a session that ends before COMMIT has committed nothing', async () => {
      await using doomed = await openConnection(server.url)
      const work = doomed.transaction(async () => {
        await insert(1, doomed)
        await admin.query(sql`SELECT pg_terminate_backend(${doomed.processId})`)
        for (let waits = 0; !doomed.lost && waits < 100; waits += 1) await sleep(20)
      })
      await assert.rejects(work, failsWith('PANAL_CONNECTION_LOST'))
      assert.deepEqual(await rows(), [])
    })

    test('a session that ends during COMMIT leaves the outcome unknown', async () => {
      await admin.script(/* SQL */ `
        CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON kept DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`)
      await using doomed = await openConnection(server.url)
      const work = doomed.transaction(() => insert(1, doomed)).catch((error: unknown) => error)
      await waitUntilRunning(admin, doomed, 'COMMIT')
      await admin.query(sql`SELECT pg_terminate_backend(${doomed.processId})`)
      const error = await work
      assert.ok(failsWith('PANAL_COMMIT_UNKNOWN')(error))
      assert.equal(sqlStateOf(error), '57P01')
    })

    test('a server killed during a transaction loses the session, and a new one works after the restart', async () => {
      await using doomed = await openConnection(server.url)
      const work = assert.rejects(
        doomed.transaction((inside) => inside.query(sql`SELECT pg_sleep(30)`)),
        failsWith('PANAL_CONNECTION_LOST'),
      )
      await waitUntilRunning(admin, doomed, 'SELECT pg_sleep(30)')
      await server.kill9()
      await work
      await server.restart()
      for (const lost of [admin, connection]) await lost.close()
      admin = await openConnection(server.url)
      connection = await openConnection(server.url)
      assert.deepEqual(await rows(), [])
    })
  })
}

async function waitUntilRunning(admin: Connection, watched: Connection, query: string): Promise<void> {
  for (let waits = 0; waits < 250; waits += 1) {
    const running = await admin.query(sql /* SQL */`SELECT FROM pg_stat_activity
      WHERE pid = ${watched.processId} AND state = 'active' AND query = ${query}`)
    if (running.length > 0) return
    await sleep(20)
  }
  assert.fail(`the session never ran ${query}`)
}
