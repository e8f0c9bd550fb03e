import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'

const documented = countsOfReadme()
const tables = Object.keys(documented[1])
/** What the first suite found, by table: the other version must find the same. */
const elsewhere = new Map<string, string>()

for (const kind of [
  { major: 18, admin: 'superuser' },
  { major: 15, admin: 'operator' },
] as const) {
  suite(`orbit-engine: the demo data, PostgreSQL ${kind.major} as ${kind.admin}`, () => {
    let platform: OrbitPlatform

    before(async () => {
      platform = await startOrbitPlatform(kind, { seed: true })
      await platform.superuser.script(`set timezone = 'UTC'`)
    })
    after(() => platform?.[Symbol.asyncDispose]())

    const rowsOf = async (statement: string): Promise<readonly Record<string, unknown>[]> =>
      (await platform.superuser.script(statement)).at(-1)?.rows ?? []
    const counts = async (): Promise<Record<string, number>> => {
      const found: Record<string, number> = {}
      for (const table of tables) {
        const [row] = await rowsOf(`select count(*)::int as n from ${table}`)
        found[table] = Number(row?.n)
      }
      return found
    }
    /** A digest of every row of a table, and where each stands: a rewritten row is a changed one. */
    const digest = async (table: string, withPlaces: boolean): Promise<string> => {
      const place = withPlaces ? 'ctid::text || xmin::text ||' : ''
      // What was made by the migration, and movements and items whose ids the server draws, are known by their contents.
      const row =
        table === 'inventory_movements'
          ? `(to_jsonb(t) - 'id')`
          : table === 'roles'
            ? `(to_jsonb(t) - 'created_at')`
            : 'to_jsonb(t)'
      const rows = await rowsOf(`select ${place} ${row}::text as row from ${table} t order by 1`)
      return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    }

    test('as many rows as the README says, and those of the other version', async () => {
      assert.deepEqual(await counts(), documented[1])
      for (const table of tables) {
        const found = await digest(table, false)
        assert.equal(found, elsewhere.get(table) ?? found, table)
        elsewhere.set(table, found)
      }
    })

    test('a second run changes no row, and the plan stays empty', async () => {
      const before = await Promise.all(tables.map((table) => digest(table, false)))
      const [untouched] = await rowsOf(
        `select string_agg(ctid::text || xmin::text, ' ' order by id) as places from sales`,
      )
      await platform.seed(1)
      assert.deepEqual(await Promise.all(tables.map((table) => digest(table, false))), before)
      assert.deepEqual(
        (
          await rowsOf(`select string_agg(ctid::text || xmin::text, ' ' order by id) as places from sales`)
        )[0],
        untouched,
      )
      assert.ok(await platform.isConverged())
    })

    test('stocks are the sum of their movements, each of which follows from the one before', async () => {
      assert.deepEqual(
        await rowsOf(`select p.sku from products p join inventory_movements m on m.product_id = p.id
          group by p.id having sum(m.quantity) <> p.stock_quantity`),
        [],
      )
      assert.deepEqual(
        await rowsOf(`select id from (
            select id, previous_stock, lag(new_stock, 1, 0) over (partition by product_id order by created_at, abs(quantity)) as before
              from inventory_movements) chained where before <> previous_stock`),
        [],
      )
    })

    test('statistics are those of the completed sales, totals those of the items', async () => {
      assert.deepEqual(
        await rowsOf(`select c.id from customers c
          left join (select customer_id, count(*) as n, sum(total) as total, max(sale_date) as last from sales
                      where status = 'completed' group by 1) s on s.customer_id = c.id
          where (c.purchases_count, c.total_purchases, c.last_purchase_at)
                is distinct from (coalesce(s.n, 0), coalesce(s.total, 0), s.last)`),
        [],
      )
      assert.deepEqual(
        await rowsOf(`select s.id from sales s where s.subtotal <> (select sum(subtotal) from sale_items i where i.sale_id = s.id)
                        or s.sale_date < (select created_at from customers c where c.id = s.customer_id)`),
        [],
      )
    })

    test('invoice numbers have no gap and follow the days', async () => {
      assert.deepEqual(
        await rowsOf(`select invoice_number from (
            select invoice_number, row_number() over (partition by organization_id, invoice_series order by sale_date, id) as n from sales) numbered
           where right(invoice_number, 8)::int <> n`),
        [],
      )
    })

    test('each organization has something of every kind', async () => {
      const [row] = await rowsOf(`select count(*)::int as n from organizations o
        where (select count(distinct status) from sales s where s.organization_id = o.id) = 3
          and exists (select from products p where p.organization_id = o.id and p.is_low_stock)
          and exists (select from customers c where c.organization_id = o.id and c.kind = 'company' and c.purchases_count > 0)
          and exists (select from mv_sales_summary m where m.organization_id = o.id)`)
      assert.equal(row?.n, 3)
      assert.deepEqual(await rowsOf(`select domain from organizations where cancellation_days <> 0`), [])
    })

    test('a larger scale on top of a smaller one adds what is missing', async () => {
      await platform.seed(2)
      const found = await counts()
      assert.deepEqual(
        [found.customers, found.sales],
        [2 * documented[1].customers!, 2 * documented[1].sales!],
      )
      assert.ok(await platform.isConverged())
    })
  })
}

test('orbit-engine: at scale 10 as many rows as the README says', async () => {
  await using platform = await startOrbitPlatform({ major: 18, admin: 'superuser' })
  await platform.seed(10)
  const found: Record<string, number> = {}
  for (const table of tables) {
    const [result] = await platform.superuser.script(`select count(*)::int as n from ${table}`)
    found[table] = Number(result?.rows[0]?.n)
  }
  assert.deepEqual(found, documented[10])
})

/** The table of row counts in the README, by scale. */
function countsOfReadme(): Record<1 | 10, Record<string, number>> {
  const readme = readFileSync(new URL('../../systems/orbit-engine/README.md', import.meta.url), 'utf8')
  const counts: Record<1 | 10, Record<string, number>> = { 1: {}, 10: {} }
  for (const [, table, one, ten] of readme.matchAll(/^\| `(\w+)` *\| *(\d+) *\| *(\d+) *\|$/gm)) {
    counts[1][table!] = Number(one)
    counts[10][table!] = Number(ten)
  }
  return counts
}
