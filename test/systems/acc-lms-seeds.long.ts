import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { type Connection, openConnection, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { broken } from './acc-lms-consistency.ts'
import { contentHash, migrateUp, prepareSchemas, rowsOf, seed, services } from './acc-lms-database.ts'

/** What the README says: table, rows at scale 1, rows at scale 10. */
const counts = [
  ...readFileSync(new URL('../../systems/acc-lms/README.md', import.meta.url), 'utf8').matchAll(
    /^\| `(\w+\.\w+)` *\| *(\d+) *\| *(\d+) *\|$/gm,
  ),
].map(([, table, one, ten]) => ({ table: String(table), scales: { 1: Number(one), 10: Number(ten) } }))

for (const major of [18, 15] as const) {
  suite(`acc-lms: seeds, PostgreSQL ${major}`, () => {
    let server: TestServer
    let session: Connection

    /** A database of its own with the migrations applied, on the same server. */
    const fresh = async (name: string): Promise<Connection> => {
      await session.script(`create database ${name} template template0`)
      const connection = await openConnection(withDatabase(server.superuserUrl, name))
      await prepareSchemas(connection)
      await migrateUp(connection)
      return connection
    }

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      session = await openConnection(server.superuserUrl)
      await prepareSchemas(session)
      await migrateUp(session)
      await seed(session)
    })
    after(async () => {
      await session?.close()
      await server?.[Symbol.asyncDispose]()
    })

    for (const [rule, query] of broken) {
      test(rule, async () => {
        assert.deepEqual(await rowsOf(session, query), [])
      })
    }

    const readmeHolds = async (connection: Connection, scale: 1 | 10): Promise<void> => {
      assert.equal(counts.length, 29)
      for (const { table, scales } of counts) {
        const rows = await rowsOf(connection, `select count(*)::int from ${table}`)
        assert.deepEqual(rows, [{ count: scales[scale] }], table)
      }
    }

    test('as many rows as the README says', () => readmeHolds(session, 1))

    test('nothing of the seeds remains beside the rows', async () => {
      const functions = `select proname from pg_proc where proname like 'seed\\_%'`
      assert.deepEqual(await rowsOf(session, functions), [])
    })

    test('a second run changes nothing, and another database gets the same rows in whatever order', async () => {
      const first = await contentHash(session)
      const versions = `select sum(xmin::text::bigint)::text from courses.courses`
      const before = await rowsOf(session, versions)
      await seed(session)
      assert.equal(await contentHash(session), first)
      assert.deepEqual(await rowsOf(session, versions), before)
      await using other = await fresh('twin')
      // Each service alone, those before that it shares ids with; in another zone and date style.
      await other.script(`set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'`)
      for (const service of services.toReversed()) await seed(other, { only: service })
      await other.script(`reset timezone; reset datestyle`)
      assert.equal(await contentHash(other), first)
    })

    test('scale 2 doubles the people and what they do, consistently, also on top of scale 1', async () => {
      await using other = await fresh('twice')
      await seed(other, { scale: 2 })
      for (const [rule, query] of broken) assert.deepEqual(await rowsOf(other, query), [], rule)
      assert.deepEqual(await rowsOf(other, 'select count(*)::int from auth.users'), [{ count: 80 }])
      const [grown] = await rowsOf(other, 'select count(*)::int from enrollments.enrollments')
      assert.ok(Number(grown?.count) > 150)
      await seed(session, { scale: 2 })
      // Counters of courses and codes grew, which their updated_at tells.
      assert.equal(await contentHash(session, ['updated_at']), await contentHash(other, ['updated_at']))
    })

    // The largest that the README speaks of; once, since it takes a while.
    if (major === 18)
      test('scale 10 is consistent and as large as the README says', async () => {
        await using other = await fresh('tenfold')
        await seed(other, { scale: 10 })
        await other.script('analyze')
        for (const [rule, query] of broken) assert.deepEqual(await rowsOf(other, query), [], rule)
        await readmeHolds(other, 10)
      })
  })
}
