import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Connection, serverErrorOf, sql } from '../../src/postgres/index.ts'
import { type OrbitPlatform, startOrbitPlatform } from './orbit-engine-platform.ts'
import { enter, idOf, inOrganization, stage, staged, valueIn } from './orbit-engine-stage.ts'

const own = idOf('a')

for (const kind of [
  { major: 18, admin: 'superuser' },
  { major: 15, admin: 'operator' },
] as const) {
  suite(`orbit-engine: organizations apart, PostgreSQL ${kind.major} as ${kind.admin}`, () => {
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

    /** Tables that a login may read, with the column that says whose a row is. */
    const tables = async (): Promise<readonly (readonly [table: string, key: string])[]> => {
      const rows = await platform.superuser.query<{ name: string }>(
        sql`select relname::text as name from pg_class
             where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
      )
      return rows.map(({ name }) => [name, name === 'organizations' ? 'id' : 'organization_id'] as const)
    }
    /** The SQLSTATE of a statement in an open transaction of organization a, taken back; undefined where it works. */
    const stateOf = async (statement: string, by: Connection = session): Promise<string | undefined> => {
      await by.script('begin')
      try {
        await enter(by, own)
        await by.script(statement)
        return undefined
      } catch (error) {
        return serverErrorOf(error)?.code
      } finally {
        await by.script('rollback')
      }
    }

    test('a second plan is empty', async () => {
      assert.ok(await platform.isConverged())
    })

    test('ORB-D02: row-level security is on and forced for every table with the key, partitions too', async () => {
      const open = await platform.superuser.query<{ name: string }>(
        sql`select relname::text as name from pg_class
             where relnamespace = 'app'::regnamespace and relkind in ('r', 'p')
               and not (relrowsecurity and relforcerowsecurity)`,
      )
      assert.deepEqual(open, [])
      assert.equal((await tables()).length, 14)
    })

    test('ORB-D02: each organization sees its rows, all of them, and nobody else’s', async () => {
      for (const [table, key] of await tables()) {
        for (const letter of ['a', 'b']) {
          const counted = await valueIn(
            session,
            idOf(letter),
            `select count(*)::int from ${table} where ${key} = '${idOf(letter)}'`,
          )
          const foreign = await valueIn(
            session,
            idOf(letter),
            `select count(*)::int from ${table} where ${key} <> '${idOf(letter)}'`,
          )
          const [all] = await platform.superuser.script(
            `select count(*)::int as n from app.${table} where ${key} = '${idOf(letter)}'`,
          )
          assert.ok(Number(counted) > 0, table)
          assert.deepEqual([counted, foreign], [all?.rows[0]?.n, 0], table)
        }
      }
    })

    test('ORB-D03: without an organization there is no row and no error, also after one was left', async () => {
      await using fresh = await platform.session()
      for (const by of [fresh, session]) {
        for (const [table, key] of await tables()) {
          const [result] = await by.script(`select count(*)::int as n from ${table} where ${key} is not null`)
          assert.equal(result?.rows[0]?.n, 0, table)
        }
      }
    })

    test('ORB-D02: an update or delete without a condition stays at home', async () => {
      await session.script('begin')
      await enter(session, own)
      const [updated] = await session.script(`update categories set description = 'x'`)
      const [deleted] = await session.script('delete from predictions')
      await session.script('rollback')
      assert.deepEqual([updated?.rowCount, deleted?.rowCount], [2, 1])
      assert.equal(
        await stateOf(`update categories set description = 'x' where id = '${idOf('b', staged.category)}'`),
        undefined,
      )
      const [row] = await platform.superuser.script(
        `select description from app.categories where id = '${idOf('b', staged.category)}'`,
      )
      assert.equal(row?.rows[0]?.description, null)
    })

    test('ORB-D08: what is refused of another organization’s product says nothing of it', async () => {
      await assert.rejects(
        inOrganization(
          session,
          own,
          `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity)
           values ('${idOf('b')}', '${idOf('b', 1)}', '${idOf('b', staged.rice)}', 'adjustment', -999)`,
        ),
        (error) => serverErrorOf(error)?.message === `product ${idOf('b', staged.rice)} does not exist`,
      )
    })

    test('ORB-D01: roles of the system are everybody’s to read and nobody’s to change', async () => {
      const names = await valueIn(session, own, `select string_agg(name, ' ' order by id) from roles`)
      assert.equal(names, 'admin seller viewer caja')
      for (const statement of [
        `update roles set permissions = '["*"]' where name = 'viewer'`,
        `delete from roles where name = 'viewer'`,
      ]) {
        const [result] = await inOrganization(session, own, statement)
        assert.equal(result?.rowCount, 0)
      }
    })

    test('ORB-D21: sellers do not cancel, wildcards cover their module alone', async () => {
      const granted = async (role: string, permission: string): Promise<unknown> =>
        await valueIn(
          session,
          own,
          `select permission_granted(permissions, '${permission}') from roles where name = '${role}'`,
        )
      assert.deepEqual(
        await Promise.all([
          granted('admin', 'sales.cancel'),
          granted('seller', 'sales.cancel'),
          granted('seller', 'customers.delete'),
          granted('seller', 'inventory.read'),
          granted('seller', 'inventory.cost'),
          granted('viewer', 'reports.read'),
        ]),
        [true, false, true, true, false, true],
      )
    })

    test('ORB-D21: the catalogue’s login reads prices and not costs', async () => {
      await platform.superuser.script('begin; set local role orbit_catalogue')
      try {
        await enter(platform.superuser, own)
        const [result] = await platform.superuser.script(
          `select sku, sale_price, stock_quantity from app.products order by sku`,
        )
        assert.equal(result?.rows.length, 3)
        await platform.superuser.script('savepoint s')
        for (const refused of [
          'select cost_price from app.products',
          'select * from app.products',
          'select from app.sales',
        ]) {
          await assert.rejects(
            platform.superuser.script(refused),
            (error) => serverErrorOf(error)?.code === '42501',
          )
          await platform.superuser.script('rollback to s')
        }
      } finally {
        await platform.superuser.script('rollback')
      }
    })

    test('ORB-D18: an address finds where it can sign in, and tells nothing else', async () => {
      const find = async (args: string): Promise<unknown> => {
        const [result] = await session.script(
          `select string_agg(organization_domain, ' ') as found from sign_in_organizations(${args})`,
        )
        return result?.rows[0]?.found
      }
      assert.equal(await find(`'Ana@A.example'`), 'bodega-a')
      assert.equal(await find(`'luis@x.example'`), 'bodega-a bodega-b')
      assert.equal(await find(`'luis@x.example', 'bodega-b'`), 'bodega-b')
      assert.equal(await find(`'nobody@x.example'`), null)
    })

    test('ORB-16, ORB-D16: the daily sums are each organization’s own, and the view behind them nobody’s', async () => {
      await session.script('select refresh_sales_summary()')
      const sums = `select concat_ws(' ', count(*), sum(total_sales), sum(total_amount)) from sales_summary`
      assert.equal(await valueIn(session, own, sums), '1 1 29.00')
      assert.equal(
        await valueIn(
          session,
          own,
          `select count(*)::int from sales_summary where organization_id <> '${own}'`,
        ),
        0,
      )
      const [none] = await session.script('select count(*)::int as n from sales_summary')
      assert.equal(none?.rows[0]?.n, 0)
      assert.equal(await stateOf('select * from mv_sales_summary'), '42501')
      // A condition of one's own that would tell what it sees is asked only of one's own rows.
      const error = await stateOf(
        `select from sales_summary where 1 / (case when organization_id = '${own}' then 1 else 0 end) = 1`,
      )
      assert.equal(error, undefined)
    })

    test('ORB-D25: an entry without an organization can be written, and only the platform reads it', async () => {
      await session.script(
        `insert into audit_logs (action, entity_type, new_values) values ('login_failed', 'user', '{"email": "who@x.example"}')`,
      )
      const [outside] = await session.script('select count(*)::int as n from audit_logs')
      assert.equal(outside?.rows[0]?.n, 0)
      assert.equal(
        await valueIn(session, own, `select count(*)::int from audit_logs where organization_id is null`),
        0,
      )
      await platform.superuser.script('begin; set local role orbit_platform')
      const [seen] = await platform.superuser.script(
        `select string_agg(action, ' ') as seen from app.audit_logs`,
      )
      await platform.superuser.script('rollback')
      assert.equal(seen?.rows[0]?.seen, 'login_failed')
    })

    test('ORB-12, ORB-D12: entries are for ever, for the owner too', async () => {
      for (const statement of [
        'update app.audit_logs set action = $$x$$',
        'delete from app.audit_logs',
        'truncate app.audit_logs',
      ]) {
        await assert.rejects(
          platform.superuser.script(statement),
          (error) => serverErrorOf(error)?.constraint === 'audit_logs_append_only',
        )
      }
      for (const statement of [
        'update app.inventory_movements set reason = $$x$$',
        'delete from app.inventory_movements',
        'truncate app.inventory_movements',
      ]) {
        await assert.rejects(
          platform.superuser.script(statement),
          (error) => serverErrorOf(error)?.constraint === 'inventory_movements_append_only',
        )
      }
    })

    test('ORB-21, ORB-D24: the next months get their partitions, sealed, and waiting entries move in', async () => {
      await inOrganization(
        session,
        own,
        `insert into audit_logs (organization_id, action, entity_type, created_at) values
           ('${own}', 'early', 'x', '2031-01-31 23:59:59+00'), ('${own}', 'late', 'x', '2031-02-01 00:00:00+00')`,
      )
      const homes = async (): Promise<unknown> =>
        await valueIn(
          session,
          own,
          `select string_agg(tableoid::regclass::text, ' ' order by created_at) from audit_logs where entity_type = 'x'`,
        )
      assert.equal(await homes(), 'audit_logs_default audit_logs_default')
      const make = `select string_agg(made, ' ') as made from ensure_audit_partitions('2031-01-15', 1) as made`
      assert.equal(await valueIn(session, own, make), 'audit_logs_2031_01 audit_logs_2031_02')
      assert.equal(await valueIn(session, own, make), null)
      assert.equal(await homes(), 'audit_logs_2031_01 audit_logs_2031_02')
      assert.equal(await stateOf('select from audit_logs_2031_01'), '42501')
      await assert.rejects(
        platform.superuser.script(`delete from app.audit_logs_2031_01`),
        (error) => serverErrorOf(error)?.constraint === 'audit_logs_append_only',
      )
      assert.equal(
        await stateOf(`select make_audit_partition('audit_logs_x', now(), now() + interval '1 day')`),
        '42501',
      )
      assert.equal(await stateOf(`select ensure_audit_partitions('2031-01-15', 61)`), '22023')
      assert.ok(
        await platform.isConverged(),
        'a partition is outside the fingerprint, and sealed as the plan wants it',
      )
    })

    test('ORB-D11, T9: deleting an organization takes all of it along, and leaves its record', async () => {
      await stage(session, 'c')
      const c = idOf('c')
      await platform.superuser.script(`delete from app.organizations where id = '${c}'`)
      for (const [table, key] of await tables()) {
        const [left] = await platform.superuser.script(
          `select count(*)::int as n from app.${table} where ${key} = '${c}'`,
        )
        assert.equal(left?.rows[0]?.n, 0, table)
      }
      const [record] = await platform.superuser.script(
        `select action, organization_id, user_id from app.audit_logs where former_organization_id = '${c}'`,
      )
      assert.deepEqual(record?.rows, [{ action: 'login', organization_id: null, user_id: null }])
      assert.equal(await valueIn(session, own, 'select count(*)::int from sales'), 4)
    })
  })
}
