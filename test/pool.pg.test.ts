import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isConverged } from '../src/control/apply/index.ts'
import type { ControlContext, ProgressEvent } from '../src/control/context/index.ts'
import { platformDrift } from '../src/control/drift/index.ts'
import { migratePlatform } from '../src/control/operations/index.ts'
import {
  type CreateTenantsOptions,
  createTenants,
  listTenants,
  tenantEnv,
} from '../src/control/tenants/index.ts'
import { openConnection, sql } from '../src/postgres/index.ts'
import { type ServerKind, serverKinds } from './harness/servers.ts'
import { kiosk, kioskFiles } from './pool-fixture.ts'
import { type ProvisionFixture, startProvisionFixture, type TestPlatform } from './provision-fixture.ts'

/** A function that writes its schema's name into its own body. */
const PINNED = `
  DO $do$ BEGIN
    EXECUTE format('CREATE FUNCTION where_am_i() RETURNS text LANGUAGE sql AS $f$ SELECT %L::text $f$', current_schema);
  END $do$;`

const kinds: readonly ServerKind[] = [...serverKinds(), { major: 15, admin: 'operator' }]

for (const kind of kinds) {
  describe(`the warm pool on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    const notes: string[] = []
    const context = (): ControlContext => ({
      ...platform.context,
      onProgress: (event: ProgressEvent) => {
        if (event.kind === 'note') notes.push(event.line)
      },
    })
    const create = (slugs: readonly string[], options: Partial<CreateTenantsOptions> = {}) =>
      createTenants(context(), { system: 'kiosk', slugs, ...options })

    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write({ ...kioskFiles('kiosk'), ...kioskFiles('naming', PINNED) })
      platform = fixture.describe({ systems: [kiosk('kiosk')] })
      const { failed } = await platform.apply()
      assert.deepEqual(failed, [])
    })
    after(() => fixture[Symbol.asyncDispose]())

    const schemas = async (prefix = 'kiosk_') => {
      const inside = await fixture.open('kiosk')
      const rows = await inside.query<{ name: string; oid: number }>(
        sql`select nspname as name, oid::integer from pg_namespace where starts_with(nspname, ${prefix}) order by nspname`,
      )
      return new Map(rows.map(({ name, oid }) => [name, oid]))
    }
    const planIsEmpty = async () => {
      const plan = await platform.plan()
      assert.ok(
        isConverged(plan),
        JSON.stringify(plan.steps.map(({ subject, reason, sql: text }) => [subject, reason, text])),
      )
      assert.deepEqual(plan.orphans, [])
    }
    /** A spare's schema has an OID of its own: the tenant that got it has the same. */
    const cameFromPool = (
      before: ReadonlyMap<string, number>,
      now: ReadonlyMap<string, number>,
      schema: string,
    ) => [...before].some(([name, oid]) => name.startsWith('kiosk_panal_spare_') && oid === now.get(schema))

    test('apply fills the pool, nobody sees it as tenants, and nothing remains to plan', async () => {
      assert.equal((await schemas('kiosk_panal_spare_')).size, 2)
      assert.deepEqual(await listTenants(platform.context), [])
      await planIsEmpty()
      const again = await platform.apply()
      assert.equal(again.applied, 0)
      await assert.rejects(create(['panal_spare_mine']), { code: 'PANAL_TENANT_SLUG' })
    })

    test('a new tenant is a spare under another name, and as good as any: rights, login, drift, plan', async () => {
      const before = await schemas()
      const { tenants, failed } = await create(['acme'])
      assert.deepEqual(failed, [])
      assert.deepEqual(
        tenants.map(({ slug, status, version, login }) => ({ slug, status, version, login })),
        [{ slug: 'acme', status: 'active', version: '001_shop', login: 'kiosk_user_acme' }],
      )
      const now = await schemas()
      assert.ok(cameFromPool(before, now, 'kiosk_acme'), 'it came from the pool')
      assert.equal(
        [...now.keys()].filter((name) => name.includes('panal_spare')).length,
        2,
        'which is full again',
      )
      assert.deepEqual(
        (await listTenants(platform.context)).map(({ slug }) => slug),
        ['acme'],
      )
      await planIsEmpty()
      const drifts = await platformDrift(platform.context)
      assert.deepEqual(
        drifts.filter(({ drifted }) => drifted !== false),
        [],
      )
    })

    test('its login logs in, finds its tables by bare names, and has the declared rights alone', async () => {
      const { DATABASE_URL } = await tenantEnv(platform.context, { system: 'kiosk', slug: 'acme' })
      await using login = await openConnection(DATABASE_URL)
      await login.query(sql`insert into orders (total) values (5)`)
      const [row] =
        await login.query(sql`select orders_count() as n, current_setting('statement_timeout') as timeout,
        current_setting('search_path') as path, (select count(*) from list) as listed`)
      assert.deepEqual(row, { n: 1, timeout: '4s', path: 'kiosk_acme, prices, extensions', listed: 0 })
      await login.query(sql`insert into journal (what) values ('x')`)
      await assert.rejects(login.query(sql`delete from journal`), { code: '42501' })
      await assert.rejects(login.query(sql`insert into list values (1, 1)`), { code: '42501' })
    })

    test('more tenants than spares: the rest is made the slow way', async () => {
      const before = await schemas()
      const { tenants } = await create(['b1', 'b2', 'b3'])
      assert.deepEqual(
        tenants.map(({ status }) => status),
        ['active', 'active', 'active'],
      )
      const now = await schemas()
      const spared = ['b1', 'b2', 'b3'].filter((slug) => cameFromPool(before, now, `kiosk_${slug}`))
      assert.deepEqual(spared, ['b1', 'b2'])
      await planIsEmpty()
    })

    test('ten creations at once, each a tenant of its own', async () => {
      const slugs = Array.from({ length: 10 }, (_, index) => `many${index}`)
      const results = await Promise.all(slugs.map((slug) => create([slug])))
      assert.deepEqual(
        results.map(({ failed, tenants }) => [failed, tenants[0]?.status]),
        slugs.map(() => [[], 'active']),
      )
      await planIsEmpty()
    })

    test('spares are migrated with the fleet, and one behind the head is not used', async () => {
      await fixture.write({
        'kiosk/shop/migrations/002_note.sql': 'ALTER TABLE orders ADD COLUMN note text;',
      })
      const before = await schemas()
      await create(['early'], { refill: false })
      assert.ok(!cameFromPool(before, await schemas(), 'kiosk_early'), 'born at the head, not renamed')
      const { failed } = await migratePlatform(platform.context)
      assert.deepEqual(failed, [])
      const { tenants } = await create(['late'], { refill: false })
      assert.equal(tenants[0]?.version, '002_note')
      assert.ok(cameFromPool(before, await schemas(), 'kiosk_late'))
      await planIsEmpty()
    })

    test('a spare whose schema is gone is begun anew', async () => {
      const inside = await fixture.open('kiosk')
      for (const name of (await schemas('kiosk_panal_spare_')).keys()) {
        await inside.script(`DROP SCHEMA ${name} CASCADE`)
        await inside.query(sql`delete from panal.ledger_applied where schema = ${name}`)
      }
      const { tenants } = await create(['after'])
      assert.equal(tenants[0]?.status, 'active')
      await platform.apply()
      assert.equal((await schemas('kiosk_panal_spare_')).size, 2)
      await planIsEmpty()
    })

    test('a body that holds the name of the schema keeps the spare from being used, and says so', async () => {
      const naming = fixture.describe({ systems: [kiosk('kiosk'), kiosk('naming')] })
      assert.deepEqual((await naming.apply()).failed, [])
      notes.length = 0
      const { tenants } = await createTenants(
        { ...naming.context, onProgress: context().onProgress },
        { system: 'naming', slugs: ['acme'], refill: false },
      )
      assert.equal(tenants[0]?.status, 'active')
      assert.match(notes.join('\n'), /No spare of naming used: where_am_i hold/)
      const inside = await fixture.open('naming')
      const [row] = await inside.query(sql`select naming_acme.where_am_i() as schema`)
      assert.deepEqual(row, { schema: 'naming_acme' })
    })
  })
}
