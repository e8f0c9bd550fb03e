import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Databases } from '../src/control/databases/index.ts'
import * as state from '../src/control/state/index.ts'
import { registerTenants } from '../src/control/tenants/register-tenants.ts'
import { defineSystem, type ErrorCode, PanalError, resolveConfig, resolveSystem } from '../src/model/index.ts'
import { type Connection, openConnection, sql } from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

const shop = resolveSystem(
  defineSystem({
    name: 'bo-tech',
    database: 'bo_tech',
    services: {
      shop: { tenancy: { kind: 'schema', schema: (t) => `schema_${t}`, login: (t) => `user_${t}` } },
      files: { tenancy: { kind: 'schema', schema: (t) => `files_${t}`, login: (t) => `user_files_${t}` } },
    },
  }),
  '/p/shop/system.ts',
)
const rival = resolveSystem(
  defineSystem({
    name: 'rival',
    services: {
      app: { tenancy: { kind: 'schema', schema: (t) => `rival_${t}`, login: (t) => `user_a${t}` } },
    },
  }),
  '/p/rival/system.ts',
)
const config = resolveConfig({ systems: [] }, '/p/panal.config.ts', [shop, rival])

const refusedAs = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PanalError, String(error))
  assert.equal(error.code, code)
  assert.match([error.message, ...error.details].join('\n'), message)
  return true
}

// The registry alone decides here; that provisioning follows is the subject of tenants.pg.test.ts.
describe('registration of tenants', () => {
  let server: TestServer
  let databases: Databases
  let registry: Connection

  before(async () => {
    server = await startTestServer({ major: 18, admin: 'superuser' })
    await using connection = await openConnection(server.url)
    await connection.query(sql`create role panal_control nologin createrole createdb`)
    await connection.query(sql`create database panal owner panal_control`)
    databases = new Databases(config, server.url)
    registry = await databases.openControl()
    await state.ensureRegistry(registry)
  })
  after(async () => {
    await registry?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const register = (slugs: readonly string[], metadata: state.TenantMetadata = {}) =>
    registerTenants(registry, config, shop, { slugs }, metadata)

  test('a system must have been applied', async () => {
    await assert.rejects(
      register(['acme']),
      refusedAs('PANAL_NOT_PROVISIONED', /"bo-tech" has not been applied/),
    )
    await state.recordSystems(registry, ['bo-tech', 'rival'])
  })

  test('a new tenant is recorded with its targets, and leaves an audit entry', async () => {
    const metadata = { environment: 'production', plan: 'gold' }
    assert.deepEqual(await register(['acme', 'acme'], metadata), { created: ['acme'], resumed: [] })
    const [tenant] = await state.listTenantRecords(registry, ['bo-tech'])
    assert.equal(tenant?.status, 'provisioning')
    assert.deepEqual(tenant.metadata, metadata)
    const targets = await state.listTargetRecords(registry, ['bo-tech'])
    assert.deepEqual(
      targets.map(({ service, schema, login, database, status }) => [
        service,
        schema,
        login,
        database,
        status,
      ]),
      [
        ['files', 'files_acme', 'user_files_acme', 'bo_tech', 'provisioning'],
        ['shop', 'schema_acme', 'user_acme', 'bo_tech', 'provisioning'],
      ],
    )
    const [entry] = await state.listAudit(registry, { action: 'tenant' })
    assert.equal(entry?.subject, 'bo-tech/acme')
    assert.deepEqual(entry.detail, { metadata })
  })

  test('an unfinished tenant is resumed, with what is newly said of it', async () => {
    assert.deepEqual(await register(['acme', 'lumen'], { plan: 'silver' }), {
      created: ['lumen'],
      resumed: ['acme'],
    })
    const [tenant] = await state.listTenantRecords(registry, ['bo-tech'], ['acme'])
    assert.deepEqual(tenant?.metadata, { environment: 'production', plan: 'silver' })
  })

  test('an existing tenant is refused, and nothing is recorded of the others of that call', async () => {
    await state.setTenantStatus(registry, 'bo-tech', ['acme'], 'active')
    await assert.rejects(register(['fresh', 'acme']), refusedAs('PANAL_TENANT_EXISTS', /"acme" \(active\)/))
    await assert.rejects(
      register(['fresh', "o'hara", 'Zeta', 'x'.repeat(64), 'select']),
      refusedAs('PANAL_TENANT_SLUG', /o'hara[\s\S]*Zeta[\s\S]*xxx[\s\S]*"select" is a word/),
    )
    assert.deepEqual(await state.listTenantRecords(registry, ['bo-tech'], ['fresh']), [])
  })

  test('schemas and logins that belong to others are refused', async () => {
    await assert.rejects(
      register(['files_acme']),
      refusedAs('PANAL_TENANT_SLUG', /bo-tech\/files\/acme .*user_files_acme/),
      'the login of the tenant acme in another service',
    )
    await assert.rejects(
      register(['twin', 'files_twin']),
      refusedAs('PANAL_TENANT_SLUG', /bo-tech\/files\/twin/),
      'two new ones in each other’s way',
    )
    await assert.rejects(
      registerTenants(registry, config, rival, { slugs: ['cme'] }, {}),
      refusedAs('PANAL_TENANT_SLUG', /bo-tech\/shop\/acme/),
      'user_acme is the login of a tenant of another system',
    )
  })

  test('twenty counted calls at once get numbers of their own', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => databases.openControl()))
    try {
      const outcomes = await Promise.all(
        sessions.map((session) => registerTenants(session, config, shop, { count: 5, prefix: 'n' }, {})),
      )
      const created = outcomes.flatMap((outcome) => outcome.created)
      assert.equal(new Set(created).size, 100)
      assert.deepEqual(
        created.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
        Array.from({ length: 100 }, (_, index) => `n${index + 1}`),
      )
    } finally {
      await Promise.all(sessions.map((session) => session.close()))
    }
  })

  test('a counted call goes on after the highest and finishes what an earlier one of its prefix began', async () => {
    const done = Array.from({ length: 98 }, (_, index) => `n${index + 1}`)
    await state.setTenantStatus(registry, 'bo-tech', done, 'active')
    assert.deepEqual(await registerTenants(registry, config, shop, { count: 2, prefix: 'n' }, {}), {
      created: ['n101', 'n102'],
      resumed: ['n99', 'n100'],
    })
  })
})
