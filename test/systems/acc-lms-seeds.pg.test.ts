import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, openConnection, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { broken } from './acc-lms-consistency.ts'
import { contentHash, migrateUp, prepareSchemas, rowsOf, seed, services } from './acc-lms-database.ts'

/** Rows at scale 1, as the README lists them. */
const counts: Readonly<Record<string, number>> = {
  'auth.users': 40,
  'auth.refresh_tokens': 35,
  'users.profiles': 40,
  'courses.courses': 12,
  'courses.lessons': 130,
  'enrollments.enrollments': 95,
  'enrollments.lesson_progress': 707,
  'assessments.quiz_questions': 48,
  'assessments.quiz_submissions': 76,
  'payments.reviews': 40,
  'ai.content_embeddings': 185,
  'ai.messages': 96,
  'notifications.queue': 330,
}

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

    test('as many rows as the README says', async () => {
      for (const [table, count] of Object.entries(counts)) {
        assert.deepEqual(await rowsOf(session, `select count(*)::int from ${table}`), [{ count }], table)
      }
    })

    test('nothing of the seeds remains beside the rows', async () => {
      const functions = `select proname from pg_proc where proname like 'seed\\_%'`
      assert.deepEqual(await rowsOf(session, functions), [])
    })

    test('a second run changes nothing, and another database gets the same rows', async () => {
      const first = await contentHash(session)
      const versions = `select sum(xmin::text::bigint)::text from courses.courses`
      const before = await rowsOf(session, versions)
      await seed(session)
      assert.equal(await contentHash(session), first)
      assert.deepEqual(await rowsOf(session, versions), before)
      await using other = await fresh('twin')
      // Another day, zone and date style.
      await other.script(`set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'`)
      await seed(other)
      await other.script(`reset timezone; reset datestyle`)
      assert.equal(await contentHash(other), first)
    })

    test('a service can be seeded alone, before those it shares ids with', async () => {
      await using other = await fresh('lonely')
      for (const service of services.toReversed()) await seed(other, { only: service })
      assert.equal(await contentHash(other), await contentHash(session))
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
  })
}
