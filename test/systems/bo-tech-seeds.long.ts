import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { type Connection, ident, openConnection, sql } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { createShop, documentTables, rowsOf, type Shop, seedShop, supportTables } from './bo-tech-shop.ts'

const tables = [...documentTables, ...supportTables]
const tenants = ['farmacruz', 'distribuidora_mx', 'farmacon', 'acme'] as const
const documented = countsOfReadme()
/** All rows of a tenant at scale 1, by slug: the suite of the second version finds those of the first here. */
const rowsElsewhere = new Map<string, unknown>()

for (const major of [18, 15] as const) {
  suite(`bo-tech: the demo data, PostgreSQL ${major}`, () => {
    let server: TestServer
    let admin: Connection
    const shops = new Map<string, Shop>()

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      admin = await openConnection(server.superuserUrl)
      await admin.script(`set timezone = 'UTC'`)
      for (const slug of tenants) {
        const shop = await createShop(admin, server.superuserUrl, slug)
        await seedShop(admin, shop)
        shops.set(slug, shop)
      }
    })
    after(async () => {
      await admin?.close()
      await server?.[Symbol.asyncDispose]()
    })

    const allRowsOf = async (shop: Shop): Promise<Record<string, readonly string[]>> =>
      Object.fromEntries(
        await Promise.all(tables.map(async (table) => [table, await rowsOf(admin, shop, table)] as const)),
      )

    const countsOf = async (shop: Shop): Promise<Record<string, number>> =>
      Object.fromEntries(Object.entries(await allRowsOf(shop)).map(([table, rows]) => [table, rows.length]))

    for (const slug of tenants) {
      test(`${slug}: as many rows as the README says, and those of the other version`, async () => {
        const rows = await allRowsOf(shops.get(slug)!)
        assert.deepEqual(await countsOf(shops.get(slug)!), documented.get(`${slug} 1`))
        assert.deepEqual(rows, rowsElsewhere.get(slug) ?? rows)
        rowsElsewhere.set(slug, rows)
      })

      test(`${slug}: a second run changes no row and draws no number`, async () => {
        const shop = shops.get(slug)!
        const state = async () => [
          await allRowsOf(shop),
          await admin.query(
            sql`select sequencename, last_value from pg_sequences where schemaname = ${shop.schema} order by 1`,
          ),
        ]
        const once = await state()
        await seedShop(admin, shop)
        assert.deepEqual(await state(), once)
      })

      test(`${slug}: totals, stock and states agree`, async () => {
        const shop = shops.get(slug)!
        await admin.script(`set search_path = ${shop.schema}`)
        const wrong = await admin.query(
          sql`select o.id from orders o
               where o.total is distinct from (select sum(i.quantity * i.unit_price) from orderitems i where i.order_id = o.id)
                  or o.total <= 0 or o.updated_at < o.created_at
                  or o.created_at < (select c.created_at from customers c where c.id = o.customer_id)
                  or (o.user_id is null) = (o.customer_user_id is null)`,
        )
        assert.deepEqual(wrong, [])
        const states = await admin.query<{ status: string }>(
          sql`select distinct status from orders order by 1`,
        )
        assert.deepEqual(
          states.map(({ status }) => status),
          ['cancelled', 'confirmed', 'pending', 'shipped'],
        )
        const oversold = await admin.query(sql`select sku from products where stock < 0`)
        assert.deepEqual(oversold, [])
      })

      test(`${slug}: what is confirmed or shipped has left the stock, and nothing else`, async () => {
        const shop = shops.get(slug)!
        const bare = await createShop(admin, server.superuserUrl, `${slug}_bare`)
        await seedShop(admin, bare, { tenant: slug, only: /^001_/ })
        const rows = await admin.query(
          sql`select p.sku, p.stock from ${ident(shop.schema, 'products')} p
                join ${ident(bare.schema, 'products')} was using (sku)
               where p.stock <> was.stock - coalesce(
                 (select sum(i.quantity) from ${ident(shop.schema, 'orderitems')} i
                    join ${ident(shop.schema, 'orders')} o on o.id = i.order_id
                   where i.product_id = p.id and o.status in ('confirmed', 'shipped')), 0)`,
        )
        assert.deepEqual(rows, [])
      })
    }

    test('the same in another time zone, with another date style', async () => {
      const again = await createShop(admin, server.superuserUrl, 'again')
      await admin.script(`set timezone = 'Asia/Tokyo'; set datestyle = 'German'`)
      await seedShop(admin, again, { tenant: 'farmacruz' })
      await admin.script(`set timezone = 'UTC'; set datestyle = 'ISO'`)
      assert.deepEqual(await allRowsOf(again), rowsElsewhere.get('farmacruz'))
    })

    test('tenants differ in catalogue, customers and people', async () => {
      for (const [table, column] of [
        ['products', 'sku'],
        ['customers', 'code'],
        ['users', 'email'],
      ] as const) {
        const seen = new Set<unknown>()
        for (const shop of shops.values()) {
          const rows = await admin.query(
            sql`select ${ident(column)} as value from ${ident(shop.schema, table)}`,
          )
          for (const { value } of rows) {
            assert.ok(!seen.has(value), `${table}.${column} ${String(value)} stands in two tenants`)
            seen.add(value)
          }
        }
      }
    })

    test('seeding one tenant leaves the others as they are', async () => {
      const before = await allRowsOf(shops.get('farmacon')!)
      await seedShop(admin, shops.get('farmacruz')!, { scale: 2 })
      assert.deepEqual(await allRowsOf(shops.get('farmacon')!), before)
    })

    for (const slug of tenants) {
      test(`${slug}: at scale 10 as many rows as the README says`, async () => {
        const shop = await createShop(admin, server.superuserUrl, `${slug}_10`)
        await seedShop(admin, shop, { tenant: slug, scale: 10 })
        assert.deepEqual(await countsOf(shop), documented.get(`${slug} 10`))
      })
    }
  })
}

/** The table of row counts in the README: `<slug> <scale>` → table → rows. */
function countsOfReadme(): Map<string, Record<string, number>> {
  const readme = readFileSync(new URL('../../systems/bo-tech/README.md', import.meta.url), 'utf8')
  const counts = new Map(
    tenants.flatMap((slug) => [1, 10].map((scale) => [`${slug} ${scale}`, {} as Record<string, number>])),
  )
  for (const [, table, cells] of readme.matchAll(/^\| `(\w+)` *\|((?: \d+ · \d+ *\|)+)$/gm)) {
    const numbers = [...cells!.matchAll(/\d+/g)].map(Number)
    for (const [index, slug] of tenants.entries()) {
      counts.get(`${slug} 1`)![table!] = numbers[2 * index]!
      counts.get(`${slug} 10`)![table!] = numbers[2 * index + 1]!
    }
  }
  return counts
}
