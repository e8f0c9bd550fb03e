import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { applyPlatform, isConverged, planPlatform } from '../src/control/apply/index.ts'
import type { ControlContext } from '../src/control/context/index.ts'
import { environmentSecretProvider } from '../src/control/secrets/index.ts'
import {
  findRun,
  listAudit,
  listRuns,
  listTenantRecords,
  requireRegistry,
  setTenantStatus,
} from '../src/control/state/index.ts'
import {
  createTenants,
  listTenants,
  serviceEnv,
  showTenant,
  tenantEnv,
} from '../src/control/tenants/index.ts'
import { type ErrorCode, PanalError } from '../src/model/index.ts'
import { openConnection, sql, sqlStateOf, withDatabase } from '../src/postgres/index.ts'
import { serverKinds, startTestServer, type TestServer } from './harness/servers.ts'
import { tenantContext } from './tenants-fixture.ts'

const refusedAs =
  (code: ErrorCode, message = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof PanalError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match([error.message, ...error.details].join('\n'), message)
    return true
  }
const refusedWith = (sqlState: string) => (error: unknown) => {
  assert.equal(sqlStateOf(error), sqlState, String(error))
  return true
}

for (const kind of serverKinds()) {
  describe(`tenants on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let context: ControlContext
    const system = 'bo-tech'

    before(async () => {
      server = await startTestServer(kind)
      context = tenantContext(server.url)
    })
    after(() => server?.[Symbol.asyncDispose]())

    test('before the first apply there are none, and none can be made', async () => {
      assert.deepEqual(await listTenants(context), [])
      for (const refused of [
        () => createTenants(context, { system, slugs: ['acme'] }),
        () => showTenant(context, { system, slug: 'acme' }),
        () => tenantEnv(context, { system, slug: 'acme' }),
        () => serviceEnv(context, { system: 'plain', service: 'app' }),
      ]) {
        await assert.rejects(refused, refusedAs('PANAL_NOT_PROVISIONED'))
      }
      await applyPlatform(context)
      assert.deepEqual(await listTenants(context), [])
    })

    test('a tenant is made whole: active, migrated, seeded, recorded', async () => {
      const metadata = { environment: 'production', frontendUrl: 'https://acme.example' }
      const result = await createTenants(context, { system, slugs: ['acme'], metadata, seed: true })
      assert.deepEqual(result.failed, [])
      const [acme] = result.tenants
      assert.ok(acme)
      const { createdAt, bytes, targets, version, ...rest } = acme
      assert.deepEqual(rest, {
        system,
        slug: 'acme',
        schema: 'schema_acme',
        login: 'user_acme',
        database: 'bo_tech',
        status: 'active',
        metadata,
      })
      assert.ok(createdAt instanceof Date)
      assert.match(version ?? '', /^\d{3}_[a-z_]+$/)
      assert.equal(bytes, null, 'sizes are for those who ask')
      assert.deepEqual(
        targets.map(({ service }) => service),
        ['shop'],
      )
      const shown = await showTenant(context, { system, slug: 'acme' })
      assert.ok(shown.bytes !== null && shown.bytes > 100_000, `${shown.bytes} bytes`)
      assert.deepEqual(shown, {
        ...acme,
        bytes: shown.bytes,
        targets: [{ ...targets[0], bytes: shown.bytes }],
      })

      await using registry = await requireRegistry(context)
      assert.equal((await findRun(registry, result.run))?.status, 'succeeded')
      const actions = (await listAudit(registry, { action: 'tenant' })).map(({ action, subject }) => [
        action,
        subject,
      ])
      assert.deepEqual(actions, [
        ['tenant.registered', 'bo-tech/acme'],
        ['tenant.provisioned', 'bo-tech/acme'],
      ])
      assert.ok(isConverged(await planPlatform(context)), 'apply finds nothing to do')
    })

    test('its .env logs in as the tenant, with DML on its own tables and nothing else', async () => {
      const variables = await tenantEnv(context, { system, slug: 'acme' })
      assert.equal(variables.ENVIRONMENT, 'production')
      assert.equal(variables.FRONTEND_URL, 'https://acme.example')
      assert.equal(variables.ALLOWED_ORIGINS, 'https://acme.example')
      assert.match(variables.SECRET_KEY, /^[0-9a-f]{64}$/)
      assert.match(variables.DATABASE_URL, /^postgresql:\/\/user_acme:[\w-]{32}@127\.0\.0\.1:\d+\/bo_tech$/)
      assert.deepEqual(
        await tenantEnv(context, { system, slug: 'acme' }),
        variables,
        'the same at every call',
      )
      await createTenants(context, { system, slugs: ['lumen'] })
      const other = await tenantEnv(context, { system, slug: 'lumen' })
      assert.notEqual(other.SECRET_KEY, variables.SECRET_KEY)
      assert.equal(other.ENVIRONMENT, 'development')

      await using acme = await openConnection(variables.DATABASE_URL)
      const [count] = await acme.query<{ n: number }>(sql`select count(*) as n from products`)
      assert.ok(count !== undefined && count.n > 10, 'the seeds are there, found by the search_path')
      await acme.query(sql`update categories set name = name`)
      await assert.rejects(acme.query(sql`select from schema_lumen.products`), refusedWith('42501'))
      await assert.rejects(acme.query(sql`drop table products`), refusedWith('42501'))
      await assert.rejects(acme.query(sql`create table mine ()`), refusedWith('42501'))
      await assert.rejects(acme.query(sql`set role bo_tech_shop_owner`), refusedWith('42501'))
      await assert.rejects(acme.query(sql`select from panal.ledger_applied`), refusedWith('42501'))
    })

    test('counted tenants go on after the highest, in parallel lanes, and are listed as people count', async () => {
      const first = await createTenants(context, { system, count: 9, prefix: 'n' })
      assert.deepEqual(first.failed, [])
      const second = await createTenants(context, { system, count: 2, prefix: 'n' })
      assert.deepEqual(
        second.tenants.map(({ slug }) => slug),
        ['n10', 'n11'],
      )
      const listed = await listTenants(context, { systems: [system] })
      assert.deepEqual(
        listed.map(({ slug }) => slug),
        ['acme', 'lumen', ...Array.from({ length: 11 }, (_, index) => `n${index + 1}`)],
      )
      assert.deepEqual(new Set(listed.map(({ status }) => status)), new Set(['active']))
      assert.equal(new Set(listed.map(({ version }) => version)).size, 1)
    })

    test('two calls at once for the same new tenant end with one tenant', async () => {
      const outcomes = await Promise.allSettled(
        ['twin', 'twin', 'other_twin'].map((slug) => createTenants(context, { system, slugs: [slug] })),
      )
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') throw outcome.reason
        assert.deepEqual(outcome.value.failed, [])
      }
      const listed = await listTenants(context, { systems: [system] })
      const twins = listed.filter(({ slug }) => slug.endsWith('twin'))
      assert.deepEqual(
        twins.map(({ slug, status }) => [slug, status]),
        [
          ['other_twin', 'active'],
          ['twin', 'active'],
        ],
      )
    })

    test('an unfinished tenant gives no environment, and the same call finishes it', async () => {
      await using registry = await requireRegistry(context)
      await setTenantStatus(registry, system, ['lumen'], 'provisioning')
      await using database = await context.databases.open('bo_tech')
      await database.transaction(async () => {
        await database.query(sql`drop schema schema_lumen cascade`)
        await database.query(sql`delete from panal.ledger_applied where schema = 'schema_lumen'`)
      })
      await assert.rejects(
        tenantEnv(context, { system, slug: 'lumen' }),
        refusedAs('PANAL_NOT_PROVISIONED', /not finished/),
      )
      const { failed, tenants } = await createTenants(context, { system, slugs: ['lumen'] })
      assert.deepEqual(failed, [])
      assert.equal(tenants[0]?.status, 'active')
      assert.ok(isConverged(await planPlatform(context)))
    })

    test('a signal ends the work between two tenants; the next call finishes it', async () => {
      const controller = new AbortController()
      const interrupted: ControlContext = {
        ...context,
        signal: controller.signal,
        onProgress: (event) => {
          if (event.kind === 'advance' && event.done > 0) controller.abort()
        },
      }
      const slugs = ['s1', 's2', 's3']
      const outcome = await createTenants(interrupted, { system, slugs }).catch((error: unknown) => error)
      if (outcome instanceof PanalError) assert.equal(outcome.code, 'PANAL_INTERRUPTED')
      else assert.equal((outcome as { interrupted: boolean }).interrupted, true)
      await using registry = await requireRegistry(context)
      const recorded = await listTenantRecords(registry, [system], slugs)
      assert.equal(recorded.length, 3)
      assert.ok(recorded.some(({ status }) => status === 'provisioning'))
      const [run] = await listRuns(registry, 1)
      assert.equal(run?.status, 'interrupted')
      const finished = await createTenants(context, {
        system,
        slugs: recorded.filter(({ status }) => status === 'provisioning').map(({ slug }) => slug),
      })
      assert.deepEqual(finished.failed, [])
      assert.ok(isConverged(await planPlatform(context)))
    })

    test('bad input is refused with its reason, and nothing is recorded', async () => {
      const before = await listTenants(context)
      const cases: readonly (readonly [Parameters<typeof createTenants>[1], ErrorCode, RegExp])[] = [
        [{ system, slugs: ["o'hara"] }, 'PANAL_TENANT_SLUG', /o'hara/],
        [{ system, slugs: ['Acme'] }, 'PANAL_TENANT_SLUG', /lower-case/],
        [{ system, slugs: ['x'.repeat(64)] }, 'PANAL_TENANT_SLUG', /2 to 41/],
        [{ system, slugs: ['select'] }, 'PANAL_TENANT_SLUG', /reserves/],
        [{ system, slugs: ['acme'] }, 'PANAL_TENANT_EXISTS', /"acme" \(active\)/],
        [{ system, slugs: [] }, 'PANAL_USAGE', /No tenant/],
        [{ system, count: 0, prefix: 'n' }, 'PANAL_USAGE', /0 is no number/],
        [{ system, count: 2, prefix: 'Bad' }, 'PANAL_TENANT_SLUG', /"Bad1"/],
        [{ system: 'bo-teck', slugs: ['x1'] }, 'PANAL_SYSTEM_UNKNOWN', /bo-teck/],
        [{ system: 'plain', slugs: ['x1'] }, 'PANAL_TENANT_UNSUPPORTED', /plain/],
        [
          { system, slugs: ['x1'], metadata: { frontendUrl: 'nowhere' } },
          'PANAL_TENANT_METADATA',
          /frontendUrl: "nowhere"/,
        ],
      ]
      for (const [options, code, message] of cases) {
        await assert.rejects(createTenants(context, options), refusedAs(code, message))
      }
      for (const look of [showTenant, tenantEnv]) {
        await assert.rejects(
          look(context, { system, slug: 'nobody' }),
          refusedAs('PANAL_TENANT_UNKNOWN', /nobody/),
        )
      }
      assert.deepEqual(await listTenants(context), before)
    })

    test('a schema or a role of somebody else is never taken over', async () => {
      await using admin = await openConnection(withDatabase(server.superuserUrl, 'bo_tech'))
      await admin.query(sql`create role user_taken`)
      await admin.query(sql`create schema schema_grabbed`)
      try {
        for (const [slug, name] of [
          ['taken', /role user_taken/],
          ['grabbed', /schema schema_grabbed in database bo_tech/],
        ] as const) {
          await assert.rejects(
            createTenants(context, { system, slugs: ['bystander', slug] }),
            refusedAs('PANAL_UNMARKED_EXISTS', name),
          )
        }
        const slugs = (await listTenants(context)).map(({ slug }) => slug)
        assert.ok(!slugs.includes('taken') && !slugs.includes('grabbed') && !slugs.includes('bystander'))
      } finally {
        await admin.query(sql`drop role user_taken`)
        await admin.query(sql`drop schema schema_grabbed`)
      }
    })

    test('another master key is refused before it sets a password', async () => {
      const stranger = { ...context, secrets: environmentSecretProvider('77'.repeat(32)) }
      await assert.rejects(
        createTenants(stranger, { system, slugs: ['stranger'] }),
        refusedAs('PANAL_MASTER_KEY_MISMATCH', /PANAL_MASTER_KEY/),
      )
      await assert.rejects(
        tenantEnv(stranger, { system, slug: 'acme' }),
        refusedAs('PANAL_MASTER_KEY_MISMATCH'),
      )
      assert.ok(!(await listTenants(context)).some(({ slug }) => slug === 'stranger'))
    })

    test('the .env of a service, and who has none', async () => {
      const variables = await serviceEnv(context, { system: 'plain', service: 'app' })
      assert.equal(variables.SEARCH_PATH, 'app,extensions')
      await using connection = await openConnection(variables.DATABASE_URL)
      assert.equal(connection.user, 'plain_app_svc')
      const [path] = await connection.query<{ path: string }>(
        sql`select current_setting('search_path') as path`,
      )
      assert.equal(path?.path.replaceAll(' ', ''), 'app,extensions')
      await assert.rejects(
        serviceEnv(context, { system, service: 'shop' }),
        refusedAs('PANAL_USAGE', /login for every tenant/),
      )
      await assert.rejects(
        serviceEnv(context, { system: 'plain', service: 'apt' }),
        refusedAs('PANAL_SYSTEM_UNKNOWN', /apt/),
      )
    })

    test('sizes are left out, not waited for, while a migration holds a table', async () => {
      await using database = await context.databases.open('bo_tech')
      await database.transaction(async () => {
        await database.query(sql`lock table schema_acme.products in access exclusive mode`)
        const listed = await listTenants(context, { systems: [system] })
        assert.deepEqual(new Set(listed.map(({ bytes }) => bytes)), new Set([null]))
        assert.ok(listed.every(({ version }) => version !== null))
      })
    })
  })
}
