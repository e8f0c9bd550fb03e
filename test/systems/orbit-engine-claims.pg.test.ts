import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection, serverErrorOf, withDatabase } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'

/** The document's tables, as far as its mistakes need them: TIMESTAMP, keys without the organization, its trigger. */
const documentTables = `
  create table organizations (id uuid primary key);
  create table categories (id uuid primary key, organization_id uuid not null references organizations on delete cascade);
  create table products (id uuid primary key, organization_id uuid not null references organizations on delete cascade,
    category_id uuid references categories on delete set null, stock_quantity integer not null default 0 check (stock_quantity >= 0),
    stock_min integer not null default 0, is_active boolean not null default true);
  create table sales (id uuid primary key, organization_id uuid not null references organizations on delete cascade,
    invoice_number varchar(50), status varchar(50) not null default 'completed');
  create unique index idx_sales_organization_invoice on sales (organization_id, invoice_number);
  create table sale_items (id uuid primary key default gen_random_uuid(), sale_id uuid not null references sales on delete cascade,
    product_id uuid not null references products, quantity integer not null);
  create function update_stock_on_sale() returns trigger language plpgsql as $$ begin
    update products set stock_quantity = stock_quantity - new.quantity where id = new.product_id; return new; end $$;
  create trigger trigger_update_stock_on_sale after insert on sale_items for each row execute function update_stock_on_sale();
  insert into organizations values ('00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000b');
  insert into categories select id, id from organizations;
  insert into products (id, organization_id, stock_quantity)
    select ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid, '00000000-0000-0000-0000-00000000000a', 100 from generate_series(1, 2) n;
`
const a = '00000000-0000-0000-0000-00000000000a'
const b = '00000000-0000-0000-0000-00000000000b'
const product = (n: number): string => `00000000-0000-0000-0001-00000000000${n}`

for (const major of [18, 15] as const) {
  suite(`orbit-engine: what the document claims, PostgreSQL ${major}`, () => {
    let server: TestServer
    let url: string
    let admin: Connection
    let databases = 0

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      await using superuser = await openConnection(server.superuserUrl)
      await superuser.script(`create role seller login password 'x' nosuperuser; create role keeper nologin`)
    })
    after(() => server?.[Symbol.asyncDispose]())

    /** Runs a test on the document's tables in a database of its own. */
    const onDocument = (name: string, run: () => Promise<void>): void => {
      test(name, async () => {
        const database = `claims_${++databases}`
        await using superuser = await openConnection(server.superuserUrl)
        await superuser.script(`create database ${database}`)
        url = withDatabase(server.superuserUrl, database)
        admin = await openConnection(url)
        try {
          await admin.script(
            `${documentTables} grant select, insert, update, delete on all tables in schema public to seller, keeper`,
          )
          await run()
        } finally {
          await admin.close()
        }
      })
    }
    const firstOf = async (statement: string): Promise<unknown> => {
      const row = (await admin.script(statement)).at(-1)?.rows[0]
      return row === undefined ? undefined : Object.values(row)[0]
    }
    const planOf = async (statement: string): Promise<string> => {
      const explained = (await admin.script(`explain (costs off) ${statement}`)).at(-1)
      return explained!.rows.map((row) => String(row['QUERY PLAN'])).join('\n')
    }
    const refused = async (statement: string, code: string): Promise<void> => {
      await assert.rejects(admin.script(statement), (error) => serverErrorOf(error)?.code === code)
    }

    onDocument('T1, ORB-D05: the low-stock index is legal, and the <= query never uses it', async () => {
      await admin.script(`create index low on products (organization_id, stock_quantity) where is_active and stock_quantity < stock_min;
        analyze products; set enable_seqscan = off`)
      const query = (comparison: string): string =>
        `select id from products where organization_id = '${a}' and is_active and stock_quantity ${comparison} stock_min`
      assert.doesNotMatch(await planOf(query('<=')), /\blow\b/)
      assert.match(await planOf(query('<')), /\blow\b/)
    })

    onDocument(
      'ORB-D06: an index that mentions the stock, in its condition too, costs every sale an index entry',
      async () => {
        const share = async (ddl: string): Promise<number> => {
          await admin.script(`drop table if exists hot; create table hot (id integer primary key, stock integer, stock_min integer,
          low boolean generated always as (stock <= stock_min) stored) with (fillfactor = 50); ${ddl};
          insert into hot select n, 100, 5 from generate_series(1, 100) n`)
          for (let n = 0; n < 5; n++) await admin.script('update hot set stock = stock - 1')
          await admin.script('select pg_stat_force_next_flush()')
          for (let attempt = 0; ; attempt++) {
            const [row] = (
              await admin.script(
                `select n_tup_upd::int as updates, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'hot'`,
              )
            )[0]!.rows
            if (Number(row?.updates) === 500) return Number(row?.hot) / 500
            assert.ok(attempt < 100, 'the statistics did not arrive')
            await sleep(50)
          }
        }
        assert.equal(await share('create index on hot (stock)'), 0)
        assert.equal(await share('create index on hot (id) where stock <= stock_min'), 0)
        assert.ok((await share('create index on hot (id) where low')) > 0.9)
      },
    )

    onDocument(
      'T5, ORB-D02: the owner passes row-level security until it is forced, a superuser always',
      async () => {
        await admin.script(`alter table products owner to keeper; alter table products enable row level security;
        create policy p on products using (organization_id = '${b}')`)
        const seenBy = async (role: string): Promise<unknown> =>
          await firstOf(`begin; set local role ${role}; select count(*)::int from products`).finally(() =>
            admin.script('rollback'),
          )
        assert.deepEqual(
          [
            await seenBy('keeper'),
            await seenBy('seller'),
            await firstOf('select count(*)::int from products'),
          ],
          [2, 0, 2],
        )
        await admin.script('alter table products force row level security')
        assert.deepEqual(
          [await seenBy('keeper'), await firstOf('select count(*)::int from products')],
          [0, 2],
        )
      },
    )

    onDocument('T5, ORB-D01: a foreign key is checked past row-level security', async () => {
      await admin.script(`alter table categories enable row level security; alter table categories force row level security;
        create policy p on categories using (organization_id = '${a}')`)
      await admin.script(`begin; set local role seller`)
      assert.equal(await firstOf(`select count(*)::int from categories where id = '${b}'`), 0)
      await admin.script(`update products set category_id = '${b}'; commit`)
      assert.equal(await firstOf(`select count(*)::int from products where category_id = '${b}'`), 2)
    })

    onDocument('T6, ORB-D03: the setting is an error when unset, and empty after a local value', async () => {
      await refused(`select current_setting('app.current_organization')::uuid`, '42704')
      await admin.script(`begin; select set_config('app.current_organization', '${a}', true); commit`)
      assert.equal(await firstOf(`select current_setting('app.current_organization')`), '')
      await refused(`select current_setting('app.current_organization')::uuid`, '22P02')
      assert.equal(
        await firstOf(`select nullif(current_setting('app.current_organization', true), '')::uuid`),
        null,
      )
    })

    onDocument(
      'T7, ORB-D04: SET stays for whoever comes next on the connection, a local value does not',
      async () => {
        await admin.script(`begin; set app.current_organization = '${a}'; commit`)
        assert.equal(await firstOf(`select current_setting('app.current_organization', true)`), a)
        await admin.script(
          `reset app.current_organization; begin; select set_config('app.current_organization', '${b}', true); commit`,
        )
        assert.equal(
          await firstOf(`select nullif(current_setting('app.current_organization', true), '')`),
          null,
        )
      },
    )

    onDocument(
      'T9, ORB-D11: an organization with a sale cannot be deleted, until its items have their own way to it',
      async () => {
        await admin.script(
          `insert into sales values ('${product(1)}', '${a}', '1'); insert into sale_items (sale_id, product_id, quantity) values ('${product(1)}', '${product(1)}', 1)`,
        )
        await assert.rejects(admin.script(`delete from organizations where id = '${a}'`), (error) => {
          assert.equal(serverErrorOf(error)?.constraint, 'sale_items_product_id_fkey')
          return serverErrorOf(error)?.code === '23503'
        })
        await admin.script(
          `alter table sale_items add organization_id uuid references organizations on delete cascade; update sale_items set organization_id = '${a}'`,
        )
        await admin.script(`delete from organizations where id = '${a}'`)
        assert.equal(await firstOf('select count(*)::int from sale_items'), 0)
      },
    )

    onDocument(
      'T10, ORB-D07: the trigger takes stock for a pending sale, and cancelling gives none back',
      async () => {
        await admin.script(`insert into sales values ('${product(1)}', '${a}', '1', 'pending'); insert into sale_items (sale_id, product_id, quantity) values ('${product(1)}', '${product(1)}', 7);
        update sales set status = 'cancelled'`)
        assert.equal(await firstOf(`select stock_quantity from products where id = '${product(1)}'`), 93)
      },
    )

    onDocument('T10, ORB-D09: two sessions selling (A, B) and (B, A) deadlock', async () => {
      await admin.script(
        `insert into sales select ('00000000-0000-0000-0001-00000000000' || n)::uuid, '${a}', n::text from generate_series(1, 2) n`,
      )
      await using other = await openConnection(url)
      const sell = (sale: number, item: number): string =>
        `insert into sale_items (sale_id, product_id, quantity) values ('${product(sale)}', '${product(item)}', 1)`
      await admin.script(`begin; ${sell(1, 1)}`)
      await other.script(`begin; ${sell(2, 2)}`)
      const results = await Promise.allSettled([
        admin
          .script(`${sell(1, 2)}; commit`)
          .catch((error: unknown) => admin.script('rollback').then(() => Promise.reject(error))),
        other
          .script(`${sell(2, 1)}; commit`)
          .catch((error: unknown) => other.script('rollback').then(() => Promise.reject(error))),
      ])
      const codes = results.flatMap((result) =>
        result.status === 'rejected' ? [serverErrorOf(result.reason)?.code] : [],
      )
      assert.deepEqual(codes, ['40P01'])
    })

    onDocument('T11, ORB-D13: max + 1 gives one number to two sessions', async () => {
      await using other = await openConnection(url)
      const next = `insert into sales select gen_random_uuid(), '${a}', coalesce(max(invoice_number::int), 0) + 1 from sales`
      await admin.script(`begin; ${next}`)
      const waiting = assert.rejects(other.script(next), (error) => serverErrorOf(error)?.code === '23505')
      while ((await firstOf(`select cardinality(pg_blocking_pids(${other.processId}))`)) === 0)
        await sleep(10)
      await admin.script('commit')
      await waiting
    })

    onDocument(
      'T12, ORB-D16: a materialised view holds every organization and takes no row-level security',
      async () => {
        await admin.script(`alter table sales enable row level security; insert into sales values ('${a}', '${a}', '1'), ('${b}', '${b}', '1');
        create materialized view summary as select organization_id, count(*) from sales group by 1; grant select on summary to seller`)
        assert.equal(await firstOf('begin; set local role seller; select count(*)::int from sales'), 0)
        assert.equal(await firstOf('select count(*)::int from summary'), 2)
        await admin.script('rollback')
        await refused('alter materialized view summary enable row level security', '42809')
        await refused('refresh materialized view concurrently summary', '55000')
        await admin.script(
          'create unique index on summary (organization_id); refresh materialized view concurrently summary',
        )
      },
    )

    onDocument('T17, ORB-D24: the document’s demonstration id is no UUID', async () => {
      await refused(`select uuid 'demo-organization-uuid'`, '22P02')
    })

    onDocument('ORB-D24: a column without a default cannot be NOT NULL on rows that stand', async () => {
      await refused('alter table products add tenant_id uuid not null', '23502')
    })
  })
}

suite('orbit-engine: what its own choices rest on, PostgreSQL 18', () => {
  let platform: OrbitPlatform

  before(async () => {
    platform = await startOrbitPlatform({ major: 18, admin: 'superuser' }, { seed: true })
  })
  after(() => platform?.[Symbol.asyncDispose]())

  test('ORB-D16: the owner cannot refresh CONCURRENTLY, for want of temporary tables', async () => {
    const { superuser } = platform
    await superuser.script('begin; set local role orbit_engine_app_owner')
    await assert.rejects(
      superuser.script('refresh materialized view concurrently mv_sales_summary'),
      (error) => serverErrorOf(error)?.code === '42501',
    )
    await superuser.script('rollback')
  })

  test('ORB-D06: selling moves stock within the page', async () => {
    const { superuser } = platform
    await superuser.script('vacuum full products')
    await superuser.script(`select pg_stat_reset_single_table_counters('app.products'::regclass)`)
    for (let n = 0; n < 5; n++) {
      await superuser.script(
        `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity)
         select p.organization_id, (select min(u.id::text)::uuid from users u where u.organization_id = p.organization_id), p.id, 'purchase', 1
           from products p where not is_low_stock order by p.sku limit 20`,
      )
    }
    await superuser.script('select pg_stat_force_next_flush()')
    for (let attempt = 0; ; attempt++) {
      const [result] = await superuser.script(
        `select n_tup_upd::int as updates, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'products'`,
      )
      const { updates, hot } = result!.rows[0] as { updates: number; hot: number }
      if (updates >= 100) return assert.ok(hot >= 90, `${hot} of ${updates}`)
      assert.ok(attempt < 100, 'the statistics did not arrive')
      await sleep(50)
    }
  })

  test('ORB-D05: the query of low stock uses its index', async () => {
    const { superuser } = platform
    await superuser.script('analyze products; begin; set local enable_seqscan = off')
    const [plan] = await superuser.script(
      `explain (costs off) select id from products where organization_id = 'd3000000-0000-4000-8000-000000000001'
         and is_active and is_low_stock and deleted_at is null`,
    )
    await superuser.script('rollback')
    assert.match(JSON.stringify(plan?.rows), /idx_products_low_stock/)
  })
})
