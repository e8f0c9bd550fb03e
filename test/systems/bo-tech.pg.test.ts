import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, ident, openConnection, sql, sqlStateOf } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import {
  asOwner,
  createShop,
  documentTables,
  migrations,
  openShop,
  type Shop,
  supportTables,
} from './bo-tech-shop.ts'

for (const major of [18, 15] as const) {
  suite(`bo-tech: the schema of a tenant, PostgreSQL ${major}`, () => {
    let server: TestServer
    let admin: Connection
    let cruz: Shop
    let con: Shop

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      admin = await openConnection(server.superuserUrl)
      cruz = await createShop(admin, server.superuserUrl, 'farmacruz')
      con = await createShop(admin, server.superuserUrl, 'farmacon')
    })
    after(async () => {
      await admin?.close()
      await server?.[Symbol.asyncDispose]()
    })

    const tablesOf = async (schema: string): Promise<string[]> => {
      const rows = await admin.query<{ name: string }>(
        sql`select relname as name from pg_class
             where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'v', 'm', 'f')`,
      )
      return rows.map(({ name }) => name).sort()
    }

    /** Everything that a schema can hold and the catalog calls by name. */
    const objectsOf = async (schema: string): Promise<string[]> => {
      const rows = await admin.query<{ object: string }>(
        sql`select relname as object from pg_class where relnamespace = to_regnamespace(${schema})
            union all select proname from pg_proc where pronamespace = to_regnamespace(${schema})
            union all select typname from pg_type where typnamespace = to_regnamespace(${schema})
            union all select conname from pg_constraint where connamespace = to_regnamespace(${schema})`,
      )
      return rows.map(({ object }) => object).sort()
    }

    test('BOT-05: it holds the 14 tables of the document and the support table', async () => {
      assert.deepEqual(await tablesOf(cruz.schema), [...documentTables, ...supportTables].sort())
    })

    test('BOT-D12: the down parts undo the up parts, one by one and then up again', async () => {
      const empty = { schema: 'schema_down' }
      await admin.script(`create schema ${empty.schema} authorization bo_tech_shop_owner`)
      const states = [await objectsOf(empty.schema)]
      for (const { up } of migrations) {
        await asOwner(admin, empty, up)
        states.push(await objectsOf(empty.schema))
      }
      assert.deepEqual(states[0], [])
      assert.deepEqual(states.at(-1), await objectsOf(cruz.schema))
      for (const [index, { down }] of [...migrations.entries()].reverse()) {
        await asOwner(admin, empty, down)
        assert.deepEqual(await objectsOf(empty.schema), states[index])
      }
      for (const { up } of migrations) await asOwner(admin, empty, up)
      assert.deepEqual(await objectsOf(empty.schema), states.at(-1))
    })

    test('no object of a schema names the schema: the same file made both', async () => {
      const definitions = async (schema: string) =>
        await admin.query(
          sql`select proname, prosrc, proconfig::text from pg_proc where pronamespace = to_regnamespace(${schema}) order by 1`,
        )
      assert.deepEqual(await definitions(cruz.schema), await definitions(con.schema))
      const definers = await admin.query(
        sql`select proname from pg_proc where pronamespace = to_regnamespace(${cruz.schema})
              and (prosecdef or array_to_string(proconfig, ' ') like '%schema_%')`,
      )
      assert.deepEqual(definers, [])
    })

    test('BOT-D17: each foreign key has an index that begins with one of its columns', async () => {
      const bare = await admin.query<{ name: string }>(
        sql`select c.conrelid::regclass || '.' || c.conname as name
              from pg_constraint c
             where c.connamespace = to_regnamespace(${cruz.schema}) and c.contype = 'f'
               and not exists (select from pg_index i
                                where i.indrelid = c.conrelid and i.indpred is null
                                  and i.indkey[0] = any (c.conkey)
                                  and (i.indkey[0] = c.conkey[1] or i.indkey[0] = c.conkey[cardinality(c.conkey)]))`,
      )
      assert.deepEqual(bare, [])
    })

    test('BOT-D07: a login reads its own schema, and the other tenant answers 42501 by qualified name', async () => {
      await using session = await openShop(cruz)
      assert.deepEqual(await session.query(sql`select name from products`), [])
      for (const table of [...documentTables, ...supportTables]) {
        await assert.rejects(
          session.query(sql`select * from ${ident(con.schema, table)}`),
          (error) => sqlStateOf(error) === '42501',
          table,
        )
      }
    })

    test('BOT-D04: the login cannot drop, alter, truncate or create', async () => {
      await using session = await openShop(cruz)
      for (const statement of [
        sql`drop table products`,
        sql`alter table products drop column stock`,
        sql`truncate orders cascade`,
        sql`create table mine (id int)`,
        sql`alter table orders disable trigger orders_guard`,
      ]) {
        await assert.rejects(
          session.query(statement),
          (error) => sqlStateOf(error) === '42501',
          statement.text,
        )
      }
    })

    suite('whatever the search_path of the session', () => {
      /** One product, one customer, one pending order of two pieces, by qualified names only. */
      const fill = async ({ schema }: Shop): Promise<void> => {
        await admin.script(`
          insert into ${schema}.products (sku, name, price, stock) values ('P-1', 'Gasas', 10, 100);
          insert into ${schema}.customers (code, name) values ('C-1', 'Farmacia San Judas');
          insert into ${schema}.orders (customer_id) values (1);
          insert into ${schema}.orderitems (order_id, product_id, quantity) values (1, 1, 2)`)
      }
      const stateOf = async ({ schema }: Shop) =>
        await admin.query(
          sql`select p.stock, o.status, o.total from ${ident(schema, 'products')} p, ${ident(schema, 'orders')} o`,
        )

      test('triggers work in the schema of their table, and in no other', async () => {
        await admin.script(`set search_path = ''`)
        await fill(cruz)
        await admin.script(`set search_path = ${cruz.schema}, public`)
        await fill(con)
        // The superuser could write either; the order of one must not move the stock of the other.
        await admin.script(`set search_path = ${con.schema};
          update ${cruz.schema}.orders set status = 'confirmed'`)
        assert.deepEqual(await stateOf(cruz), [{ stock: 98, status: 'confirmed', total: '20.00' }])
        assert.deepEqual(await stateOf(con), [{ stock: 100, status: 'pending', total: '20.00' }])
      })

      test('the session keeps its own search_path after the trigger', async () => {
        await admin.script(`set search_path = ${con.schema}, public; begin;
          update ${cruz.schema}.orders set notes = 'urgente'`)
        const [row] = await admin.query<{ path: string }>(sql`select current_setting('search_path') as path`)
        await admin.script(`commit; reset search_path`)
        assert.equal(row?.path, `${con.schema}, public`)
      })

      test('a temporary table of the same name is not read in place of the real one', async () => {
        await admin.script(`create temp table products (id int, sku text, name text, price numeric, stock int);
          insert into pg_temp.products values (1, 'FALSE', 'false', 0, 999999);
          insert into ${con.schema}.orders (customer_id) values (1);
          insert into ${con.schema}.orderitems (order_id, product_id, quantity) select max(id), 1, 1 from ${con.schema}.orders;
          drop table pg_temp.products`)
        const [item] = await admin.query(
          sql`select product_sku, unit_price from ${ident(con.schema, 'orderitems')} order by id desc limit 1`,
        )
        assert.deepEqual(item, { product_sku: 'P-1', unit_price: '10.00' })
      })

      test('a renamed schema keeps working', async () => {
        await admin.script(`alter schema ${con.schema} rename to schema_renamed;
          update schema_renamed.orders set status = 'confirmed' where id = 1;
          alter schema schema_renamed rename to ${con.schema}`)
        const [product] = await admin.query(sql`select stock from ${ident(con.schema, 'products')}`)
        assert.deepEqual(product, { stock: 98 })
      })
    })
  })
}
