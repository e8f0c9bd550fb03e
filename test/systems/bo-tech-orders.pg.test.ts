import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { type Connection, openConnection, serverErrorOf, sql, sqlStateOf } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { createShop, openShop, type Shop } from './bo-tech-shop.ts'

for (const major of [18, 15] as const) {
  suite(`bo-tech: orders, stock and prices, PostgreSQL ${major}`, () => {
    let server: TestServer
    let admin: Connection
    let shop: Shop
    let session: Connection
    let tenants = 0

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      admin = await openConnection(server.superuserUrl)
    })
    beforeEach(async () => {
      shop = await createShop(admin, server.superuserUrl, `t${++tenants}`)
      await session?.close()
      session = await openShop(shop)
      await session.script(`
        insert into products (sku, name, price, stock) values ('A', 'Gasas', 10, 100), ('B', 'Vendas', 5.25, 100), ('C', 'Alcohol', 44, 1);
        insert into customers (code, name) values ('C-1', 'San Judas')`)
    })
    after(async () => {
      await session?.close()
      await admin?.close()
      await server?.[Symbol.asyncDispose]()
    })

    /** A pending order of these products and quantities. */
    const placeOrder = async (
      items: readonly (readonly [product: number, quantity: number])[],
    ): Promise<number> => {
      const [order] = await session.query<{ id: number }>(
        sql`insert into orders (customer_id) values (1) returning id`,
      )
      for (const [product, quantity] of items) {
        await session.query(
          sql`insert into orderitems (order_id, product_id, quantity) values (${order!.id}, ${product}, ${quantity})`,
        )
      }
      return order!.id
    }
    const setStatus = async (order: number, status: string, by: Connection = session): Promise<void> => {
      await by.query(sql`update orders set status = ${status} where id = ${order}`)
    }
    const stocks = async (): Promise<number[]> => {
      const rows = await session.query<{ stock: number }>(sql`select stock from products order by id`)
      return rows.map(({ stock }) => stock)
    }
    const totalOf = async (order: number): Promise<string | undefined> => {
      const [row] = await session.query<{ total: string }>(sql`select total from orders where id = ${order}`)
      return row?.total
    }

    suite('BOT-D15: totals and snapshots', () => {
      test('the total follows each insert, update and delete of items', async () => {
        const order = await placeOrder([
          [1, 2],
          [2, 4],
        ])
        assert.equal(await totalOf(order), '41.00')
        await session.query(
          sql`update orderitems set quantity = 5 where order_id = ${order} and product_id = 1`,
        )
        assert.equal(await totalOf(order), '71.00')
        await session.query(sql`delete from orderitems where order_id = ${order} and product_id = 2`)
        assert.equal(await totalOf(order), '50.00')
        await session.query(sql`delete from orderitems where order_id = ${order}`)
        assert.equal(await totalOf(order), '0.00')
      })

      test('nobody writes a total of his own', async () => {
        const order = await placeOrder([[1, 2]])
        await session.query(sql`update orders set total = 0.01 where id = ${order}`)
        assert.equal(await totalOf(order), '20.00')
        const [made] = await session.query<{ total: string }>(
          sql`insert into orders (customer_id, total) values (1, 999) returning total`,
        )
        assert.equal(made?.total, '0.00')
      })

      test('two sessions adding to one order at once both count', async () => {
        const order = await placeOrder([])
        await using other = await openShop(shop)
        await session.script('begin')
        await session.query(
          sql`insert into orderitems (order_id, product_id, quantity) values (${order}, 1, 1)`,
        )
        const waiting = other.query(
          sql`insert into orderitems (order_id, product_id, quantity) values (${order}, 2, 2)`,
        )
        await untilWaiting(admin, other.processId)
        await session.script('commit')
        await waiting
        assert.equal(await totalOf(order), '20.50')
      })

      test('an item keeps name, sku and price when the product changes', async () => {
        const order = await placeOrder([[1, 2]])
        await session.query(
          sql`update products set name = 'Gasas nuevas', sku = 'A2', price = 99 where id = 1`,
        )
        const [item] = await session.query(
          sql`select product_sku, product_name, unit_price from orderitems where order_id = ${order}`,
        )
        assert.deepEqual(item, { product_sku: 'A', product_name: 'Gasas', unit_price: '10.00' })
        assert.equal(await totalOf(order), '20.00')
      })

      test('nobody writes a name or sku that the product does not have', async () => {
        const order = await placeOrder([])
        const [item] = await session.query(
          sql`insert into orderitems (order_id, product_id, quantity, product_sku, product_name)
              values (${order}, 1, 1, 'X', 'x') returning product_sku, product_name`,
        )
        assert.deepEqual(item, { product_sku: 'A', product_name: 'Gasas' })
      })
    })

    suite('BOT-D15: stock', () => {
      test('it moves on confirm, comes back on cancel, and stays gone once shipped', async () => {
        const [first, second, third] = [
          await placeOrder([
            [1, 2],
            [2, 3],
          ]),
          await placeOrder([[1, 10]]),
          await placeOrder([[2, 1]]),
        ]
        assert.deepEqual(await stocks(), [100, 100, 1])
        await setStatus(first, 'confirmed')
        await setStatus(second, 'confirmed')
        assert.deepEqual(await stocks(), [88, 97, 1])
        await setStatus(first, 'cancelled')
        assert.deepEqual(await stocks(), [90, 100, 1])
        await setStatus(second, 'shipped')
        await setStatus(third, 'cancelled')
        assert.deepEqual(await stocks(), [90, 100, 1])
        await assert.rejects(setStatus(second, 'cancelled'), (error) => sqlStateOf(error) === '23514')
      })

      test('two lines of one product count together', async () => {
        const order = await placeOrder([
          [1, 60],
          [1, 40],
        ])
        await setStatus(order, 'confirmed')
        assert.deepEqual(await stocks(), [0, 100, 1])
        const next = await placeOrder([
          [2, 60],
          [2, 41],
        ])
        await assert.rejects(setStatus(next, 'confirmed'), (error) => sqlStateOf(error) === '23514')
      })

      test('what is not there is refused by name, and nothing has moved', async () => {
        const order = await placeOrder([
          [1, 5],
          [3, 2],
        ])
        await assert.rejects(setStatus(order, 'confirmed'), (error) => {
          const found = serverErrorOf(error)
          assert.equal(found?.code, '23514')
          assert.equal(found?.constraint, 'products_stock_check')
          assert.equal(found?.message, `order ${order} needs 2 of product C, and 1 are left`)
          return true
        })
        assert.deepEqual(await stocks(), [100, 100, 1])
      })

      test('confirming one order from two sessions takes the stock once', async () => {
        const order = await placeOrder([[1, 5]])
        await using other = await openShop(shop)
        await session.script('begin')
        await setStatus(order, 'confirmed')
        const waiting = setStatus(order, 'confirmed', other)
        await untilWaiting(admin, other.processId)
        await session.script('commit')
        await waiting
        assert.deepEqual(await stocks(), [95, 100, 1])
      })

      test('of two orders of the last piece one is confirmed', async () => {
        const orders = [await placeOrder([[3, 1]]), await placeOrder([[3, 1]])] as const
        await using other = await openShop(shop)
        const results = await Promise.allSettled([
          setStatus(orders[0], 'confirmed'),
          setStatus(orders[1], 'confirmed', other),
        ])
        assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
        assert.deepEqual(await stocks(), [100, 100, 0])
      })

      test('an item added while its order is being confirmed is refused', async () => {
        const order = await placeOrder([[1, 5]])
        await using other = await openShop(shop)
        await session.script('begin')
        await setStatus(order, 'confirmed')
        const late = assert.rejects(
          other.query(sql`insert into orderitems (order_id, product_id, quantity) values (${order}, 2, 1)`),
          (error) => serverErrorOf(error)?.constraint === 'orderitems_order_pending',
        )
        await untilWaiting(admin, other.processId)
        await session.script('commit')
        await late
        assert.equal(await totalOf(order), '50.00')
      })

      test('orders of (A, B) and (B, A) queue up: both lock A first', async () => {
        const orders = [
          await placeOrder([
            [1, 1],
            [2, 1],
          ]),
          await placeOrder([
            [2, 1],
            [1, 1],
          ]),
        ] as const
        await using other = await openShop(shop)
        // The second order listed B first. It waits for A without holding B, so the first one can take B.
        await session.script('begin')
        await session.query(sql`select from products where id = 1 for update`)
        const waiting = setStatus(orders[1], 'confirmed', other)
        await untilWaiting(admin, other.processId)
        await session.query(sql`select from products where id = 2 for update nowait`)
        await setStatus(orders[0], 'confirmed')
        await session.script('commit')
        await waiting
        assert.deepEqual(await stocks(), [98, 98, 1])
      })

      test('40 orders with their items in either order, over 4 sessions: no deadlock, no piece lost', async () => {
        await session.query(sql`update products set stock = 100000`)
        const orders: number[] = []
        for (let n = 0; n < 40; n++)
          orders.push(
            await placeOrder(
              n % 2 === 0
                ? [
                    [1, 1],
                    [2, 2],
                    [3, 3],
                  ]
                : [
                    [3, 3],
                    [2, 2],
                    [1, 1],
                  ],
            ),
          )
        const sessions = await Promise.all([1, 2, 3, 4].map(() => openShop(shop)))
        try {
          await Promise.all(
            sessions.map(async (by, lane) => {
              for (const [n, order] of orders.entries()) {
                if (n % 4 !== lane) continue
                await setStatus(order, 'confirmed', by)
                if (n % 8 < 4) await setStatus(order, 'cancelled', by)
              }
            }),
          )
        } finally {
          await Promise.all(sessions.map((by) => by.close()))
        }
        assert.deepEqual(await stocks(), [100000 - 20, 100000 - 40, 100000 - 60])
      })
    })

    suite('BOT-D13, BOT-D16: the price in force', () => {
      const priceOf = async (
        customer: number,
        product: number,
        day: string,
      ): Promise<string | null | undefined> => {
        const [row] = await session.query<{ price: string | null }>(
          sql`select price_in_force(${customer}, ${product}, ${day}) as price`,
        )
        return row?.price
      }

      beforeEach(async () => {
        await session.script(`
          insert into pricelists (name, is_default, valid_from, valid_until) values
            ('General 2025', true, '2025-01-01', '2025-12-31'), ('General 2026', true, '2026-01-01', null), ('Mayoreo', false, null, '2025-06-30');
          insert into pricelistitems (pricelist_id, product_id, price) values (1, 1, 9), (2, 1, 11), (1, 2, 5), (3, 1, 7);
          insert into customers (code, name, pricelist_id) values ('C-2', 'La Paz', 3)`)
      })

      test('the own list, then the default list of the day, then the catalogue', async () => {
        assert.equal(await priceOf(2, 1, '2025-06-30'), '7.00')
        assert.equal(await priceOf(2, 1, '2025-07-01'), '9.00')
        assert.equal(await priceOf(2, 2, '2025-06-01'), '5.00')
        assert.equal(await priceOf(1, 1, '2025-06-01'), '9.00')
        assert.equal(await priceOf(1, 1, '2026-06-01'), '11.00')
        assert.equal(await priceOf(1, 1, '2024-06-01'), '10.00')
        assert.equal(await priceOf(1, 3, '2025-06-01'), '44.00')
        assert.equal(await priceOf(1, 99, '2025-06-01'), null)
      })

      test('a retired list counts for nothing', async () => {
        await session.query(sql`update pricelists set is_active = false`)
        assert.equal(await priceOf(2, 1, '2025-06-01'), '10.00')
      })

      test('an item without a price gets it, and a negotiated one is kept', async () => {
        await session.query(sql`update pricelists set valid_until = null where id = 3`)
        const [order] = await session.query<{ id: number }>(
          sql`insert into orders (customer_id) values (2) returning id`,
        )
        const items = await session.query(
          sql`insert into orderitems (order_id, product_id, quantity, unit_price)
              values (${order!.id}, 1, 2, null), (${order!.id}, 1, 1, 6.5) returning unit_price`,
        )
        assert.deepEqual(items, [{ unit_price: '7.00' }, { unit_price: '6.50' }])
        assert.equal(await totalOf(order!.id), '20.50')
      })
    })

    test('BOT-D17: updated_at moves with each change, unless the change names it', async () => {
      const order = await placeOrder([[1, 1]])
      await session.query(sql`insert into cartcache (customer_id, product_id) values (1, 1)`)
      await session.script(`update products set updated_at = '2020-01-01'; update cartcache set updated_at = '2020-01-01';
        update orders set updated_at = '2020-01-01' where id = ${order}`)
      const recent = async () =>
        await session.query(
          sql`select p.updated_at > '2021-01-01' as product, c.updated_at > '2021-01-01' as cart, o.updated_at > '2021-01-01' as order
                from products p, cartcache c, orders o where p.id = 1 and o.id = ${order}`,
        )
      assert.deepEqual(await recent(), [{ product: false, cart: false, order: false }])
      await session.script(
        `update products set price = 11; update cartcache set quantity = 2; update orders set notes = 'x'`,
      )
      assert.deepEqual(await recent(), [{ product: true, cart: true, order: true }])
    })
  })
}

/** Until the server shows that session waiting for a lock; fails after five seconds. */
async function untilWaiting(admin: Connection, processId: number): Promise<void> {
  for (let n = 0; n < 500; n++) {
    const [row] = await admin.query<{ waits: boolean }>(
      sql`select cardinality(pg_blocking_pids(${processId})) > 0 as waits`,
    )
    if (row?.waits === true) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`Session ${processId} did not wait for a lock`)
}
