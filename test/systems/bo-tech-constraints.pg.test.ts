import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, openConnection, serverErrorOf, sql } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { createShop, openShop } from './bo-tech-shop.ts'
import { keptElsewhere, permitted, restrictViolation, stage, violations } from './bo-tech-violations.ts'

for (const major of [18, 15] as const) {
  suite(`bo-tech: what the tables refuse, PostgreSQL ${major}`, () => {
    let server: TestServer
    let session: Connection

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      await using admin = await openConnection(server.superuserUrl)
      session = await openShop(await createShop(admin, server.superuserUrl, 'rules'))
      await session.script(stage)
    })
    after(async () => {
      await session?.close()
      await server?.[Symbol.asyncDispose]()
    })

    /** Tries it as the tenant's login and takes it back, so that each case meets the same rows. */
    const attempt = async (statement: string, afterwards?: string): Promise<unknown> => {
      await session.script('begin')
      try {
        await session.script(statement)
        if (afterwards === undefined) return undefined
        const [result] = await session.script(`select (${afterwards}) as true`)
        return result?.rows[0]?.true === true ? undefined : `not so afterwards: ${afterwards}`
      } catch (error) {
        return error
      } finally {
        await session.script('rollback')
      }
    }

    for (const [rule, statement, sqlState, constraint] of violations) {
      test(rule, async () => {
        const error = serverErrorOf(await attempt(statement))
        assert.ok(error !== undefined, 'it was accepted')
        const expected = sqlState === restrictViolation && major < 18 ? '23503' : sqlState
        assert.equal(error.code, expected, error.message)
        if (constraint !== undefined) assert.equal(error.constraint, constraint)
      })
    }

    for (const [rule, statement, afterwards] of permitted) {
      test(`${rule} is possible`, async () => {
        assert.equal(await attempt(statement, afterwards), undefined)
      })
    }

    test('each CHECK, UNIQUE and EXCLUDE of the tables is violated above', async () => {
      const rows = await session.query<{ name: string }>(
        sql`select conname as name from pg_constraint
             where connamespace = current_schema()::regnamespace and contype in ('c', 'u', 'x')`,
      )
      const tried = new Set(violations.map(([, , , constraint]) => constraint))
      const untried = rows.map(({ name }) => name).filter((name) => !tried.has(name))
      assert.deepEqual(untried.sort(), keptElsewhere)
    })
  })
}
