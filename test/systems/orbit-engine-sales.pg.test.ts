import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, serverErrorOf, sql } from '../../src/postgres/index.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'
import { enter, idOf, inOrganization, stage, staged, valueIn } from './orbit-engine-stage.ts'

for (const major of [18, 15] as const) {
  suite(`orbit-engine: sales, stock and statistics, PostgreSQL ${major}`, () => {
    let platform: OrbitPlatform
    let session: Connection
    /** A fresh organization for each test: nothing that was sold can be taken back. */
    let letter = 'a'
    let organization = idOf('a')
    const letters = [...'0123456789abcdef']

    before(async () => {
      platform = await startOrbitPlatform({ major, admin: 'superuser' })
      session = await platform.session()
    })
    beforeEach(async () => {
      letter = letters.pop()!
      organization = idOf(letter)
      await stage(session, letter)
    })
    after(async () => {
      await session?.close()
      await platform?.[Symbol.asyncDispose]()
    })

    const id = (n: number): string => idOf(letter, n)
    let serial = 100
    /** Adds a pending sale of these products and quantities; prices are the products'. */
    const sell = async (
      items: readonly (readonly [product: number, quantity: number])[],
      { by = session, date = 'now()' }: { by?: Connection; date?: string } = {},
    ): Promise<string> => {
      const sale = id(++serial)
      const values = items.map(([product, quantity]) => `('${sale}', '${id(product)}', ${quantity})`)
      const list = items.map(([product, quantity]) => `('${id(product)}'::uuid, ${quantity})`).join()
      await inOrganization(
        by,
        organization,
        `with lines (product, quantity) as (values ${list}),
              amount as (select sum(sale_price * quantity) as sum from lines join products on id = product)
         insert into sales (id, organization_id, customer_id, user_id, sale_date, subtotal, total, payment_method)
         select '${sale}', '${organization}', '${id(staged.customer)}', '${id(staged.seller)}', ${date}, sum, sum, 'cash' from amount;
         insert into sale_items (sale_id, product_id, quantity) values ${values.join()}`,
      )
      return sale
    }
    const complete = async (sale: string, by: Connection = session): Promise<void> => {
      await inOrganization(by, organization, `update sales set status = 'completed' where id = '${sale}'`)
    }
    const cancel = async (sale: string, by: Connection = session): Promise<void> => {
      await inOrganization(
        by,
        organization,
        `update sales set status = 'cancelled', cancelled_by = '${id(staged.admin)}', cancellation_reason = 'Devolución' where id = '${sale}'`,
      )
    }
    const value = (statements: string): Promise<unknown> => valueIn(session, organization, statements)
    /** Of rice, oil and the scale. */
    const stocks = (): Promise<unknown> =>
      value(`select array_agg(stock_quantity order by id)::text from products`)
    const statistics = (): Promise<unknown> =>
      value(`select concat_ws(' ', purchases_count, total_purchases, to_char(last_purchase_at at time zone 'UTC', 'YYYY-MM-DD'))
               from customers where id = '${id(staged.customer)}'`)
    const untilWaiting = async (processId: number): Promise<void> => {
      for (;;) {
        const [row] = await platform.superuser.query<{ waits: boolean }>(
          sql`select cardinality(pg_blocking_pids(${processId})) > 0 as waits`,
        )
        if (row?.waits === true) return
        await sleep(10)
      }
    }
    /** Every movement follows from the one before, and the last says what is in stock. */
    const assertLedger = async (): Promise<void> => {
      const wrong = await platform.superuser.script(
        `select p.sku from app.products p join app.inventory_movements m on m.product_id = p.id
          where p.organization_id = '${organization}' group by p.id having sum(m.quantity) <> p.stock_quantity
          union all
         select m.id::text from app.inventory_movements m
          where m.organization_id = '${organization}' and m.movement_type <> 'initial'
            and not exists (select from app.inventory_movements b where b.product_id = m.product_id and b.new_stock = m.previous_stock)`,
      )
      assert.deepEqual(wrong[0]?.rows, [])
    }

    test('ORB-D07: stock moves on completion, comes back on cancellation, once', async () => {
      assert.equal(await stocks(), '{10,10,1}')
      const sale = await sell([
        [staged.rice, 2],
        [staged.oil, 3],
      ])
      assert.equal(await stocks(), '{10,10,1}')
      await complete(sale)
      assert.equal(await stocks(), '{8,7,1}')
      await complete(sale)
      assert.equal(await stocks(), '{8,7,1}')
      await cancel(sale)
      assert.equal(await stocks(), '{10,10,1}')
      await cancel(sale)
      assert.equal(await stocks(), '{10,10,1}')
      assert.equal(
        await value(
          `select string_agg(movement_type || quantity, ' ' order by new_stock) from inventory_movements where reference_id = '${sale}' and product_id = '${id(staged.rice)}'`,
        ),
        'sale-2 return2',
      )
      await assertLedger()
    })

    test('ORB-D07: a sale cancelled while pending moves nothing', async () => {
      const sale = await sell([[staged.rice, 2]])
      await cancel(sale)
      assert.equal(await stocks(), '{10,10,1}')
      assert.equal(
        await value(`select count(*)::int from inventory_movements where reference_id = '${sale}'`),
        0,
      )
    })

    test('ORB-D09: what is not there is refused by name and quantity, and nothing has moved', async () => {
      const sale = await sell([
        [staged.rice, 5],
        [staged.scale, 2],
      ])
      await assert.rejects(complete(sale), (error) => {
        const found = serverErrorOf(error)
        assert.equal(found?.code, '23514')
        assert.equal(found?.constraint, 'chk_products_stock_quantity')
        assert.equal(found?.message, 'product BAL-1 (Balanza) has 1 in stock, and 2 are needed')
        return true
      })
      assert.equal(await stocks(), '{10,10,1}')
      assert.equal(await value(`select status from sales where id = '${sale}'`), 'pending')
    })

    test('ORB-D10: statistics follow pending → completed → cancelled, and a back-dated sale moves no date back', async () => {
      const today = new Date().toISOString().slice(0, 10)
      assert.equal(await statistics(), `1 29.00 ${today}`)
      const old = await sell([[staged.oil, 2]], { date: `now() - interval '40 days'` })
      assert.equal(await statistics(), `1 29.00 ${today}`)
      await complete(old)
      assert.equal(await statistics(), `2 39.50 ${today}`)
      await cancel(idOf(letter, staged.completed))
      const before = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10)
      assert.equal(await statistics(), `1 10.50 ${before}`)
      await value(`update organizations set cancellation_days = 60`)
      await cancel(old)
      assert.equal(await statistics(), '0 0.00')
    })

    test('ORB-D10: two tills complete sales of one customer at once, and both count', async () => {
      const [first, second] = [await sell([[staged.rice, 1]]), await sell([[staged.oil, 1]])]
      await using other = await platform.session()
      await session.script('begin')
      await enter(session, organization)
      await session.script(`update sales set status = 'completed' where id = '${first}'`)
      const waiting = complete(second, other)
      await untilWaiting(other.processId)
      await session.script('commit')
      await waiting
      assert.match(String(await statistics()), /^3 52\.75 /)
    })

    test('ORB-D07: one sale completed by two tills takes the stock once', async () => {
      const sale = await sell([[staged.rice, 4]])
      await using other = await platform.session()
      await session.script('begin')
      await enter(session, organization)
      await session.script(`update sales set status = 'completed' where id = '${sale}'`)
      const waiting = complete(sale, other)
      await untilWaiting(other.processId)
      await session.script('commit')
      await waiting
      assert.equal(await stocks(), '{6,10,1}')
    })

    test('ORB-D09: of two sales of the last piece one is completed', async () => {
      const sales = [await sell([[staged.scale, 1]]), await sell([[staged.scale, 1]])] as const
      await using other = await platform.session()
      const results = await Promise.allSettled([complete(sales[0]), complete(sales[1], other)])
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      assert.equal(await stocks(), '{10,10,0}')
    })

    test('ORB-D09, T10: tills that sell (A, B) and (B, A) queue up: both lock A first', async () => {
      const sale = await sell([
        [staged.oil, 1],
        [staged.rice, 1],
      ])
      await using other = await platform.session()
      await session.script('begin')
      await enter(session, organization)
      await session.script(`select from products where id = '${id(staged.rice)}' for update`)
      const waiting = complete(sale, other)
      await untilWaiting(other.processId)
      // It waits for rice and does not hold oil, whichever was listed first.
      await session.script(`select from products where id = '${id(staged.oil)}' for update nowait`)
      await session.script('commit')
      await waiting
      assert.equal(await stocks(), '{9,9,1}')
    })

    test('ORB-D09: 40 sales in either order over 4 tills: no deadlock, no piece lost', async () => {
      await value(
        `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity)
         select '${organization}', '${id(1)}', id, 'purchase', 1000 from products`,
      )
      const forwards = [
        [staged.rice, 1],
        [staged.oil, 2],
        [staged.scale, 3],
      ] as const
      const sales: string[] = []
      for (let n = 0; n < 40; n++) sales.push(await sell(n % 2 === 0 ? forwards : forwards.toReversed()))
      const tills = await Promise.all([1, 2, 3, 4].map(() => platform.session()))
      try {
        await Promise.all(
          tills.map(async (till, lane) => {
            for (const [n, sale] of sales.entries()) {
              if (n % 4 !== lane) continue
              await complete(sale, till)
              if (n % 8 < 4) await cancel(sale, till)
            }
          }),
        )
      } finally {
        await Promise.all(tills.map((till) => till.close()))
      }
      assert.equal(await stocks(), '{990,970,941}')
      await assertLedger()
    })

    test('ORB-D07: an item added while its sale is being completed is refused', async () => {
      const sale = await sell([[staged.rice, 1]])
      await using other = await platform.session()
      await session.script('begin')
      await enter(session, organization)
      await session.script(`update sales set status = 'completed' where id = '${sale}'`)
      const late = assert.rejects(
        inOrganization(
          other,
          organization,
          `insert into sale_items (sale_id, product_id, quantity) values ('${sale}', '${id(staged.oil)}', 1)`,
        ),
        (error) => serverErrorOf(error)?.constraint === 'sale_items_sale_pending',
      )
      await untilWaiting(other.processId)
      await session.script('commit')
      await late
    })

    test('ORB-D13, T11: 20 tills number their sales without a gap, though some fail', async () => {
      const tills = await Promise.all(Array.from({ length: 20 }, () => platform.session()))
      const last = Number(await value(`select next - 1 from invoice_counters`))
      try {
        await Promise.all(
          tills.map(async (till, lane) => {
            for (let n = 0; n < 5; n++) {
              await till.script('begin')
              await enter(till, organization)
              await till.script(
                `insert into sales (organization_id, user_id, subtotal, total, payment_method) values ('${organization}', '${id(staged.seller)}', 0, 0, 'cash')`,
              )
              await till.script((lane + n) % 3 === 0 ? 'rollback' : 'commit')
            }
          }),
        )
      } finally {
        await Promise.all(tills.map((till) => till.close()))
      }
      const numbers = (await value(
        `select array_agg(substr(invoice_number, 6)::int order by invoice_number)::text from sales`,
      )) as string
      const wanted = Array.from({ length: last + 67 }, (_, index) => index + 1)
      assert.equal(numbers, `{${wanted.join()}}`)
    })

    test('ORB-15, ORB-D14: an item keeps name, sku, price and cost when the product changes', async () => {
      await value(
        `update products set name = 'Otro', sku = 'X', sale_price = 99, cost_price = 50 where id = '${id(staged.rice)}'`,
      )
      assert.equal(
        await value(
          `select concat_ws('|', product_name, product_sku, unit_price, unit_cost) from sale_items where sale_id = '${id(staged.completed)}' and product_id = '${id(staged.rice)}'`,
        ),
        'Arroz 5 kg|ARR-5|18.50|14.00',
      )
    })

    test('ORB-15: updated_at moves with each change, unless the change names it', async () => {
      const tables = ['organizations', 'users', 'categories', 'products', 'customers'] as const
      for (const table of tables) {
        await value(`update ${table} set updated_at = '2020-01-01'`)
        assert.equal(await value(`select max(updated_at) = '2020-01-01' from ${table}`), true, table)
        await value(`update ${table} set is_active = is_active`)
        assert.equal(
          await value(`select min(updated_at) > now() - interval '1 hour' from ${table}`),
          true,
          table,
        )
      }
      await value(`update sales set notes = 'x' where status = 'completed'`)
      assert.equal(
        await value(`select max(updated_at) > max(created_at) from sales where status = 'completed'`),
        true,
      )
    })
  })
}
