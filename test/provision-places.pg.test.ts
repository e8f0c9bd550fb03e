import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { insertTenantRecords } from '../src/control/state/index.ts'
import type { SystemDefinition } from '../src/model/index.ts'
import { openConnection, withDatabase } from '../src/postgres/index.ts'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { serverKinds, startTestServer, type TestServer } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture } from './provision-fixture.ts'

/** A platform of tenants with schemas, which read a catalogue that all share, and a pooled login. */
const chain: SystemDefinition<string> = {
  name: 'chain',
  services: {
    catalogue: { login: 'catalogue_svc' },
    shop: {
      tenancy: { kind: 'schema', schema: (slug) => `shop_${slug}`, login: (slug) => `user_${slug}` },
      reads: ['catalogue'],
      limits: { connections: 2, lockTimeoutMs: 1_500 },
    },
    reports: { login: 'reports_svc' },
  },
  runtime: true,
}
const chainFiles = {
  'chain/catalogue/migrations/001_base.sql':
    'CREATE TABLE articles (id int); INSERT INTO articles VALUES (1);',
  'chain/shop/migrations/001_base.sql': 'CREATE TABLE orders (id int);',
  'chain/reports/migrations/001_base.sql': 'CREATE TABLE sums (id int);',
}

for (const kind of serverKinds()) {
  describe(`places on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let second: TestServer
    before(async () => {
      fixture = await startProvisionFixture(kind)
      second = await startTestServer({
        major: kind.major,
        admin: kind.admin === 'superuser' ? 'superuser' : 'operator',
      })
      await fixture.write({ ...campusFiles, ...chainFiles })
    })
    after(async () => {
      await second?.[Symbol.asyncDispose]()
      await fixture?.[Symbol.asyncDispose]()
    })

    const onTwoServers = () =>
      fixture.describe({
        systems: [chain, { ...campus, database: 'chain' }],
        config: {
          databases: { far: { url: withDatabase(second.url, 'far') } },
          placement: { chain: { reports: 'far' } },
        },
      })

    test('two systems in one database, one of them on two servers: each role where its schema is', async () => {
      await using maintenance = await openConnection(second.url)
      await maintenance.script('CREATE DATABASE far TEMPLATE template0')
      const platform = onTwoServers()
      const refused = await platform.plan()
      assert.deepEqual(
        refused.unmarked.map(({ kind: what, name }) => `${what} ${name}`),
        ['database far'],
      )
      const result = await platform.apply({ adopt: true })
      assert.deepEqual([result.failed, result.unreachable], [[], []])
      const plan = await platform.plan()
      assert.deepEqual([plan.steps, plan.unmarked, plan.orphans], [[], [], []])
      await using far = await openConnection(withDatabase(second.superuserUrl, 'far'))
      const rights = await effectiveRights(far, 'reports_svc', ['reports'])
      assert.deepEqual(rights, {
        database: 'CONNECT',
        'schema reports': 'USAGE',
        'reports.sums': 'SELECT INSERT UPDATE DELETE',
      })
      const [logins] = await far.script(
        "SELECT rolname::text AS name FROM pg_roles WHERE rolname ~ '_svc$' ORDER BY 1",
      )
      assert.deepEqual(logins!.rows, [{ name: 'reports_svc' }])
      const inside = await fixture.open('chain')
      for (const role of ['people_svc', 'courses_svc', 'stats_svc']) {
        assert.deepEqual(await effectiveRights(inside, role, campusSchemas), campusMatrix[role], role)
      }
      const [schemas] = await inside.script(
        "SELECT count(*)::int AS n FROM pg_namespace WHERE nspname = 'reports'",
      )
      assert.deepEqual(schemas!.rows, [{ n: 0 }])
    })

    test('tenants read the shared schema through one group, and no other tenant', async () => {
      const platform = onTwoServers()
      const { databases } = platform.context
      {
        await using control = await databases.openControl()
        await insertTenantRecords(control, 'chain', ['acme', 'lumen'], {})
      }
      assert.deepEqual((await platform.apply()).failed, [])
      assert.deepEqual((await platform.plan()).steps, [])
      const inside = await fixture.open('chain')
      assert.deepEqual(
        await effectiveRights(inside, 'user_acme', ['catalogue', 'shop_acme', 'shop_lumen', 'people']),
        {
          database: 'CONNECT',
          'schema catalogue': 'USAGE',
          'catalogue.articles': 'SELECT',
          'schema shop_acme': 'USAGE',
          'shop_acme.orders': 'SELECT INSERT UPDATE DELETE',
        },
      )
      const [acl] = await inside.script(
        "SELECT nspacl::text AS acl FROM pg_namespace WHERE nspname = 'catalogue'",
      )
      assert.match(String(acl!.rows[0]!.acl), /chain_shop_tenants=U/)
      assert.doesNotMatch(String(acl!.rows[0]!.acl), /user_acme/)
      const [settings] = await inside.script(`SELECT setconfig::text[] AS list FROM pg_db_role_setting
        WHERE setrole = 'user_acme'::regrole AND setdatabase = (SELECT oid FROM pg_database WHERE datname = 'chain')`)
      assert.deepEqual(settings!.rows, [
        { list: ['search_path=shop_acme, catalogue, extensions', 'lock_timeout=1500'] },
      ])
      const [limit] = await inside.script(
        "SELECT rolconnlimit AS n FROM pg_roles WHERE rolname = 'user_acme'",
      )
      assert.deepEqual(limit!.rows, [{ n: 2 }])
    })

    test('the pooled login has no right of its own, and becomes any tenant', async () => {
      const inside = await fixture.open('chain')
      const schemas = ['catalogue', 'shop_acme', 'shop_lumen']
      assert.deepEqual(await effectiveRights(inside, 'chain_runtime', schemas), { database: 'CONNECT' })
      const [reach] =
        await inside.script(`SELECT array_agg(rolname::text ORDER BY rolname) AS roles FROM pg_roles
        WHERE pg_has_role('chain_runtime', oid, '${kind.major >= 16 ? 'SET' : 'MEMBER'}') AND rolname <> 'chain_runtime'`)
      const roles = (reach!.rows[0]!.roles as string[]).filter((name) => name.startsWith('user_'))
      assert.deepEqual(roles, ['user_acme', 'user_lumen'])
    })

    test('one tenant alone is planned without touching the others', async () => {
      const platform = onTwoServers()
      const inside = await fixture.open('chain')
      await inside.script(
        'GRANT SELECT ON shop_acme.orders TO user_lumen; GRANT SELECT ON shop_lumen.orders TO user_acme',
      )
      const selection = { systems: ['chain'], tenant: 'acme' }
      const shown = await platform.plan({ selection })
      assert.deepEqual(
        shown.steps.map(({ subject }) => subject),
        ['grant select on shop_acme.orders from user_lumen'],
      )
      assert.deepEqual(shown.orphans, [])
      assert.deepEqual((await platform.apply({ selection })).failed, [])
      assert.deepEqual(
        (await platform.plan()).steps.map(({ subject }) => subject),
        ['grant select on shop_lumen.orders from user_acme'],
      )
      assert.deepEqual((await platform.apply()).failed, [])
    })

    test('what left the model on another server is dropped there', async () => {
      await fixture.write({ 'chain/extra/migrations/001_base.sql': 'CREATE TABLE more (id int);' })
      const services = { ...chain.services, extra: { login: 'extra_svc' } }
      const config = {
        databases: { far: { url: withDatabase(second.url, 'far') } },
        placement: { chain: { reports: 'far', extra: 'far' } },
      }
      const systems = [
        { ...chain, services },
        { ...campus, database: 'chain' },
      ]
      assert.deepEqual((await fixture.describe({ systems, config }).apply()).failed, [])
      const result = await onTwoServers().apply({ prune: async () => true })
      assert.deepEqual([result.failed, result.orphans], [[], []])
      assert.deepEqual(result.pruned.map(({ name }) => name).sort(), [
        'chain_extra_owner',
        'extra',
        'extra_svc',
      ])
      await using far = await openConnection(withDatabase(second.superuserUrl, 'far'))
      const [roles] = await far.script("SELECT count(*)::int AS n FROM pg_roles WHERE rolname ~ 'extra'")
      assert.deepEqual(roles!.rows, [{ n: 0 }])
    })

    test('a registry that the configuration places in a database which stands already', async () => {
      await using maintenance = await openConnection(second.url)
      await maintenance.script('CREATE DATABASE registry TEMPLATE template0')
      await using server = await startTestServer({ major: kind.major, admin: 'superuser' })
      const platform = fixture.describe(
        { systems: [campus], config: { control: { url: withDatabase(second.url, 'registry') } } },
        server.url,
      )
      assert.deepEqual((await platform.apply({ adopt: true })).failed, [])
      assert.deepEqual((await platform.plan()).steps, [])
    })
  })
}
