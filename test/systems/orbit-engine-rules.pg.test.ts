import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, serverErrorOf, sql } from '../../src/postgres/index.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'
import { enter, idOf, stage } from './orbit-engine-stage.ts'
import { permitted, violations } from './orbit-engine-violations/index.ts'

/** Rules that a login cannot reach, because another one refuses first. */
const keptElsewhere = [
  'chk_customers_purchases_count', // customers_statistics_by_sales
  'chk_customers_total_purchases',
  'chk_inventory_movements_stock', // guard_movement computes both sides
  'chk_invoice_counters_next', // invoice_counters_by_sales
  'chk_organizations_timezone', // an unknown zone is an error before the check
  'chk_sale_items_unit_cost', // chk_products_cost_price, of which it is a copy
  'chk_sales_status', // sales_status_transition
  'chk_sales_subtotal', // chk_sales_discount
  'uq_auth_sessions_family', // the primary key is in it
]

for (const kind of [
  { major: 18, admin: 'superuser' },
  { major: 15, admin: 'operator' },
] as const) {
  suite(`orbit-engine: what the tables refuse, PostgreSQL ${kind.major} as ${kind.admin}`, () => {
    let platform: OrbitPlatform
    let session: Connection

    before(async () => {
      platform = await startOrbitPlatform(kind)
      session = await platform.session()
      await stage(session, 'a')
      await stage(session, 'b')
    })
    after(async () => {
      await session?.close()
      await platform?.[Symbol.asyncDispose]()
    })

    /** Tries it as the application in organization a and takes it back, so that each case meets the same rows. */
    const attempt = async (statement: string, afterwards?: string): Promise<unknown> => {
      await session.script('begin')
      try {
        await enter(session, idOf('a'))
        await session.script(statement)
        await session.script('set constraints all immediate')
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
        assert.equal(error.code, sqlState, error.message)
        if (constraint !== undefined) assert.equal(error.constraint, constraint)
      })
    }

    for (const [what, statement, afterwards] of permitted) {
      test(`${what} is possible`, async () => {
        assert.equal(await attempt(statement, afterwards), undefined)
      })
    }

    test('each CHECK and UNIQUE of the tables is violated above, or said to be out of reach', async () => {
      const rows = await platform.superuser.query<{ name: string }>(
        sql`select conname as name from pg_constraint
             where connamespace = 'app'::regnamespace and contype in ('c', 'u') and conislocal and coninhcount = 0`,
      )
      const tried = new Set(violations.map(([, , , constraint]) => constraint))
      const untried = rows.map(({ name }) => name).filter((name) => !tried.has(name))
      assert.deepEqual(untried.sort(), keptElsewhere)
    })
  })
}
