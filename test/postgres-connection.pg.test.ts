import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../src/model/index.ts'
import {
  type Connection,
  completedStatements,
  ident,
  isServerError,
  literal,
  type Notice,
  openConnection,
  type Sql,
  sql,
  sqlStateOf,
} from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

const failsWith = (code: string) => (error: unknown) => error instanceof PanalError && error.code === code
const failsWithState = (state: string) => (error: unknown) => isServerError(error) && error.code === state

for (const major of [18, 15] as const) {
  describe(`a connection to PostgreSQL ${major}`, () => {
    let server: TestServer
    let connection: Connection
    const open = (options = {}) => openConnection(server.url, options)
    const firstValue = async (query: Sql, by = connection) =>
      Object.values((await by.query(query))[0] ?? {})[0]
    const terminate = (victim: Connection) =>
      connection.query(sql /* SQL */`SELECT pg_terminate_backend(${victim.processId})`)

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      connection = await open()
    })
    after(async () => {
      await connection?.close()
      await server?.[Symbol.asyncDispose]()
    })

    test('knows its server and itself', async () => {
      assert.equal(connection.serverMajor, major)
      assert.equal(await firstValue(sql`SHOW server_version_num`), String(connection.serverVersionNumber))
      assert.equal(await firstValue(sql`SELECT pg_backend_pid()`), connection.processId)
      assert.deepEqual([connection.database, connection.user], ['postgres', 'postgres'])
    })

    test('has the settings that were asked for, and only those', async () => {
      const settings = [
        'application_name',
        'statement_timeout',
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'role',
      ]
      const show = (by: Connection) =>
        Promise.all(settings.map((name) => firstValue(sql`SHOW ${ident(name)}`, by)))
      assert.deepEqual(await show(connection), ['panal', '0', '0', '0', 'none'])
      const options = {
        applicationName: 'x',
        statementTimeoutMs: 1_500,
        lockTimeoutMs: 100,
        idleInTransactionTimeoutMs: 7,
      }
      await using other = await open({ ...options, role: 'pg_monitor' })
      assert.deepEqual(await show(other), ['x', '1500ms', '100ms', '7ms', 'pg_monitor'])
      assert.equal(other.user, 'postgres')
      assert.equal(await firstValue(sql`SHOW client_encoding`, other), 'UTF8')
    })

    test('every kind of value comes back as it went', async () => {
      const moment = new Date('2024-02-29T12:34:56.789Z')
      const [row] = await connection.query(sql /* SQL */`
        SELECT ${"it's \\ ñ 😀"}::text AS text, ${2 ** 53 - 1}::int8 AS safe, ${2n ** 62n}::int8 AS large, ${1.5}::float8 AS float,
          ${true}::bool AS bool, ${null}::int AS nothing, ${moment}::timestamptz AS moment, ${Buffer.from([0, 255])}::bytea AS bytes,
          ${['a,b', '"', null]}::text[] AS texts, ${[1, 2n ** 62n]}::int8[] AS numbers, ${[]}::text[] AS empty`)
      assert.deepEqual(
        { ...row },
        {
          text: "it's \\ ñ 😀",
          safe: 2 ** 53 - 1,
          large: 2n ** 62n,
          float: 1.5,
          bool: true,
          nothing: null,
          moment,
          bytes: Buffer.from([0, 255]),
          texts: ['a,b', '"', null],
          numbers: [1, 2n ** 62n],
          empty: [],
        },
      )
    })

    test('types without a faithful JavaScript value stay text, catalog arrays are arrays', async () => {
      const [row] = await connection.query(sql /* SQL */`
        SELECT '2024-02-29'::date AS date, '2024-02-29 01:02:03'::timestamp AS timestamp, '1.10'::numeric AS numeric,
          '1 day'::interval AS interval, '{1.10}'::numeric[] AS numerics, '{a,b}'::name[] AS names,
          '{r,p}'::"char"[] AS chars, '{2024-02-29}'::date[] AS dates, '{"a": 1}'::jsonb AS json`)
      assert.deepEqual(
        { ...row },
        {
          date: '2024-02-29',
          timestamp: '2024-02-29 01:02:03',
          numeric: '1.10',
          interval: '1 day',
          numerics: ['1.10'],
          names: ['a', 'b'],
          chars: ['r', 'p'],
          dates: ['2024-02-29'],
          json: { a: 1 },
        },
      )
    })

    test('literals and identifiers mean themselves to the server, whatever standard_conforming_strings says', async () => {
      const nasty = `a'b\\'c\\\\"d$$ñ😀--/*`
      for (const setting of ['on', 'off'] as const) {
        await connection.script(
          `SET standard_conforming_strings = ${setting}; SET escape_string_warning = off`,
        )
        assert.equal(await firstValue(sql`SELECT ${literal(nasty)}`), nasty)
      }
      await connection.script('RESET standard_conforming_strings; RESET escape_string_warning')
      const [row] = await connection.query(sql`SELECT 1 AS ${ident(nasty)}`)
      assert.deepEqual(Object.keys(row ?? {}), [nasty])
    })

    test('a query is one statement: a second one is refused even where nothing is bound', async () => {
      await assert.rejects(connection.query(sql`SELECT 1; SELECT 2`), failsWithState('42601'))
    })

    test('a script gives a result for each statement', async () => {
      const results = await connection.script(
        'SELECT 1 AS a; ; CREATE TEMP TABLE s (b int); INSERT INTO s VALUES (1), (2)',
      )
      assert.deepEqual(
        results.map(({ command, rowCount, rows }) => [command, rowCount, rows.length]),
        [
          ['SELECT', 1, 1],
          ['CREATE', null, 0],
          ['INSERT', 2, 0],
        ],
      )
      assert.deepEqual(await connection.script('-- nothing'), [])
      await assert.rejects(connection.script('SELECT 1\0; DROP TABLE s'), failsWith('PANAL_INTERNAL'))
    })

    test('the error of a script tells how many statements went before', async () => {
      const failed = await connection
        .script('SELECT 1; SELECT 2; SELECT 1/0; SELECT 3')
        .catch((error: unknown) => error)
      assert.equal(sqlStateOf(failed), '22012')
      assert.equal(completedStatements(failed), 2)
      assert.equal(
        completedStatements(await connection.query(sql`SELECT 1/0`).catch((error: unknown) => error)),
        undefined,
      )
    })

    test('calls that nobody awaits in between run in their order', async () => {
      const results = await Promise.all([
        connection.script('CREATE TEMP TABLE q (n int)'),
        connection.query(sql`INSERT INTO q VALUES (1)`),
        assert.rejects(connection.query(sql`SELECT nothing FROM q`), failsWithState('42703')),
        firstValue(sql`SELECT count(*) FROM q`),
      ])
      assert.equal(results[3], 1)
    })

    test('notices are heard until the listener leaves', async () => {
      const heard: Notice[] = []
      const leave = connection.onNotice((notice) => heard.push(notice))
      await connection.script("DO $$ BEGIN RAISE WARNING 'w' USING HINT = 'h'; END $$")
      leave()
      await connection.script("DO $$ BEGIN RAISE WARNING 'again'; END $$")
      assert.deepEqual(
        heard.map(({ severity, message, hint }) => [severity, message, hint]),
        [['WARNING', 'w', 'h']],
      )
    })

    test('a running statement is cancelled, an idle session does not mind', async () => {
      const started = performance.now()
      const running = assert.rejects(connection.query(sql`SELECT pg_sleep(30)`), failsWithState('57014'))
      await sleep(100)
      await connection.cancel()
      await running
      assert.ok(performance.now() - started < 10_000)
      await connection.cancel()
      assert.equal(await firstValue(sql`SELECT 1`), 1)
    })

    test('a statement that takes too long fails, the session lives on', async () => {
      await using other = await open({ statementTimeoutMs: 50 })
      await assert.rejects(other.query(sql`SELECT pg_sleep(30)`), failsWithState('57014'))
      assert.equal(await firstValue(sql`SELECT 1`, other), 1)
    })

    test('a session ended while idle, busy or closing is lost or closed, never an unhandled error', async () => {
      await using idle = await open()
      await terminate(idle)
      for (let waits = 0; !idle.lost && waits < 100; waits += 1) await sleep(20)
      assert.equal(idle.lost, true)
      const error = await idle.query(sql`SELECT 1`).catch((error: unknown) => error)
      assert.ok(failsWith('PANAL_CONNECTION_LOST')(error))
      assert.equal(sqlStateOf(error), '57P01')

      await using busy = await open()
      const running = assert.rejects(busy.query(sql`SELECT pg_sleep(30)`), failsWith('PANAL_CONNECTION_LOST'))
      const queued = assert.rejects(busy.query(sql`SELECT 1`), failsWith('PANAL_CONNECTION_LOST'))
      await sleep(50)
      await terminate(busy)
      await Promise.all([running, queued])

      const closing = await open()
      const dropped = assert.rejects(
        closing.query(sql`SELECT pg_sleep(30)`),
        failsWith('PANAL_CONNECTION_LOST'),
      )
      await sleep(50)
      await closing.close()
      await dropped
      assert.deepEqual([closing.closed, closing.lost], [true, false])
      await closing.close()
      await assert.rejects(closing.script('SELECT 1'), failsWith('PANAL_CONNECTION_LOST'))
    })
  })
}
