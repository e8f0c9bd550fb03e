import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Databases } from '../src/control/databases/index.ts'
import { keyFingerprint } from '../src/control/secrets/index.ts'
import * as state from '../src/control/state/index.ts'
import { REGISTRY_FORMAT } from '../src/control/state/registry-format.ts'
import { PanalError, resolveConfig } from '../src/model/index.ts'
import { type Connection, openConnection, sql, sqlStateOf, withDatabase } from '../src/postgres/index.ts'
import { serverKinds, startTestServer, type TestServer } from './harness/servers.ts'

const databasesOf = (server: TestServer): Databases =>
  new Databases(resolveConfig({ systems: [] }, 'panal.config.ts', []), server.url)

/** What apply does before it opens the registry: the control role, and the database that it owns. */
async function makeControl(server: TestServer): Promise<void> {
  await using connection = await openConnection(server.url)
  await connection.query(sql`create role panal_control nologin createrole createdb`)
  if (connection.serverMajor >= 16) {
    await connection.query(sql`grant panal_control to current_user with inherit false, set true`)
  } else {
    await connection.query(sql`grant panal_control to current_user`)
  }
  await connection.query(sql`create database panal owner panal_control template template0`)
}

const refusedAs = (code: string) => (error: unknown) => error instanceof PanalError && error.code === code
const refusedWith = (sqlState: string) => (error: unknown) => sqlStateOf(error) === sqlState

for (const kind of serverKinds()) {
  describe(`registry on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let databases: Databases
    let control: Connection

    before(async () => {
      server = await startTestServer(kind)
      databases = databasesOf(server)
    })
    after(async () => {
      await control?.close()
      await server?.[Symbol.asyncDispose]()
    })

    test('before the first apply there is no registry, which is no error', async () => {
      assert.equal(await state.openRegistry({ databases }), null, 'no control database')
      await assert.rejects(state.requireRegistry({ databases }), refusedAs('PANAL_NOT_PROVISIONED'))
      await makeControl(server)
      assert.equal(await state.openRegistry({ databases }), null, 'a control database without tables')
    })

    test('a server that cannot be asked is an error, not an empty registry', async () => {
      const wrong = new Databases(
        resolveConfig({ systems: [] }, 'panal.config.ts', []),
        server.url.replace(/:[^:@]*@/, ':wrong@'),
      )
      await assert.rejects(state.openRegistry({ databases: wrong }), refusedAs('PANAL_AUTHENTICATION_FAILED'))
      const config = resolveConfig(
        { systems: [], control: { url: withDatabase(server.url, 'absent') } },
        'panal.config.ts',
        [],
      )
      await assert.rejects(
        state.openRegistry({ databases: new Databases(config, server.url) }),
        refusedAs('PANAL_DATABASE_MISSING'),
        'a control database that the config names must exist',
      )
    })

    test('20 sessions at once make one registry', async () => {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => databases.openControl()))
      try {
        await Promise.all(sessions.map((session) => state.ensureRegistry(session)))
      } finally {
        await Promise.all(sessions.map((session) => session.close()))
      }
      const opened = await state.openRegistry({ databases })
      assert.ok(opened)
      control = opened
      await state.ensureRegistry(control)
      const settings = await control.query(sql`select key, value from panal.registry_settings`)
      assert.deepEqual(settings, [{ key: 'format', value: `${REGISTRY_FORMAT}` }])
    })

    test('all of it belongs to the control role, and nobody else has any right', async () => {
      const owners = await control.query(sql`
        select distinct relowner::regrole::text as owner from pg_class where relnamespace = 'panal'::regnamespace
        union select nspowner::regrole::text from pg_namespace where nspname = 'panal'
        union select proowner::regrole::text from pg_proc where pronamespace = 'panal'::regnamespace`)
      assert.deepEqual(owners, [{ owner: 'panal_control' }])
      const granted = await control.query(sql`
        select relname as name, grantee::regrole::text from pg_class, aclexplode(relacl)
          where relnamespace = 'panal'::regnamespace and grantee <> 'panal_control'::regrole
        union all select nspname, grantee::regrole::text from pg_namespace, aclexplode(nspacl)
          where nspname = 'panal' and grantee <> 'panal_control'::regrole
        union all select proname, grantee::regrole::text
          from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
          where pronamespace = 'panal'::regnamespace and grantee <> 'panal_control'::regrole`)
      assert.deepEqual(granted, [])
    })

    test('a registry of a later Panal is refused', async () => {
      const setFormat = (format: string) =>
        control.query(sql`update panal.registry_settings set value = ${format} where key = 'format'`)
      await setFormat(`${REGISTRY_FORMAT + 1}`)
      try {
        await assert.rejects(state.openRegistry({ databases }), refusedAs('PANAL_REGISTRY_NEWER'))
        await assert.rejects(state.ensureRegistry(control), refusedAs('PANAL_REGISTRY_NEWER'))
      } finally {
        await setFormat(`${REGISTRY_FORMAT}`)
      }
    })

    test('the first master key stays the only one, also of ten machines at once', async () => {
      const sessions = await Promise.all(Array.from({ length: 10 }, () => databases.openControl()))
      const keys = sessions.map((_, index) => Buffer.alloc(32, index))
      const secretsOf = (key: Buffer) => ({ origin: 'a test', masterKey: async () => key })
      try {
        const outcomes = await Promise.allSettled(
          sessions.map((session, index) => state.masterKeyOf(session, secretsOf(keys[index]!))),
        )
        const winners = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []))
        assert.equal(winners.length, 1)
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue
          assert.ok(refusedAs('PANAL_MASTER_KEY_MISMATCH')(outcome.reason), String(outcome.reason))
          assert.match(outcome.reason.message, new RegExp(keyFingerprint(keys[winners[0]!]!)))
          assert.ok(outcome.reason.remedy.includes('a test'))
        }
        const winner = keys[winners[0]!]!
        assert.deepEqual(await state.masterKeyOf(control, secretsOf(winner)), winner)
      } finally {
        await Promise.all(sessions.map((session) => session.close()))
      }
    })

    test('500 tenants and their targets are recorded in one statement each, and again without harm', async () => {
      await state.recordSystems(control, ['bo-tech', 'acc-lms', 'bo-tech'])
      await state.recordSystems(control, ['bo-tech'])
      assert.deepEqual(
        (await state.listSystems(control)).map(({ name }) => name),
        ['acc-lms', 'bo-tech'],
      )
      const slugs = Array.from({ length: 500 }, (_, index) => `t${index + 1}`)
      await state.insertTenantRecords(control, 'bo-tech', slugs, {})
      const targets = slugs.map((tenant) => ({
        system: 'bo-tech',
        service: 'shop',
        tenant,
        database: 'bo_tech',
        schema: `schema_${tenant}`,
        owner: 'bo_tech_shop_owner',
        login: `user_${tenant}`,
      }))
      const own = { ...targets[0]!, tenant: null, service: 'billing', schema: 'billing', login: null }
      await state.recordTargets(control, [...targets, own])
      await state.recordTargets(control, [...targets, own])
      const records = await state.listTargetRecords(control, ['bo-tech', 'acc-lms'])
      assert.equal(records.length, 501)
      const { createdAt, statusSince, ...rest } = records[0]!
      assert.deepEqual(rest, { ...own, status: 'provisioning' })
      assert.ok(createdAt instanceof Date && statusSince instanceof Date)

      await state.setTargetStatus(control, [own, targets[3]!], 'active')
      const active = (await state.listTargetRecords(control, ['bo-tech'])).filter(
        ({ status }) => status === 'active',
      )
      assert.deepEqual(
        active.map(({ tenant, service }) => [service, tenant]),
        [
          ['billing', null],
          ['shop', 't4'],
        ],
      )
      const listed = await state.listTenantRecords(control, ['bo-tech'])
      assert.deepEqual(
        listed.map(({ slug }) => slug),
        slugs,
        't2 comes before t10',
      )
    })

    test('two targets cannot share a schema, nor can a target be of an unknown tenant', async () => {
      const [taken] = await state.listTargetRecords(control, ['bo-tech'])
      await assert.rejects(
        state.recordTargets(control, [{ ...taken!, service: 'other' }]),
        refusedWith('23505'),
      )
      await assert.rejects(
        state.recordTargets(control, [{ ...taken!, service: 'other', schema: 'x', tenant: 'nobody' }]),
        refusedWith('23503'),
      )
    })

    test('status and metadata of a tenant come back as they went in', async () => {
      const metadata = {
        allowedOrigins: ['https://ñandú.example', 'http://localhost:3000'],
        frontendUrl: 'https://x.example/?a=1&b="2"\\',
        environment: 'production',
        nested: { null: null, list: [1, 2.5, true], emoji: '🐝' },
      }
      await state.insertTenantRecords(control, 'acc-lms', ['acme', 'zeta'], metadata)
      await state.updateTenantMetadata(control, 'acc-lms', ['acme'], { environment: 'staging' })
      const [acme, zeta] = await state.listTenantRecords(control, ['acc-lms'])
      assert.deepEqual(acme?.metadata, { ...metadata, environment: 'staging' })
      assert.deepEqual(zeta?.metadata, metadata)
      assert.deepEqual(await state.setTenantStatus(control, 'acc-lms', ['acme', 'zeta'], 'active'), [
        'acme',
        'zeta',
      ])
      assert.deepEqual(await state.setTenantStatus(control, 'acc-lms', ['acme'], 'active'), [])
      const named = await state.listTenantRecords(control, ['acc-lms', 'bo-tech'], ['acme', 't7'])
      assert.deepEqual(
        named.map(({ slug, status }) => [slug, status]),
        [
          ['acme', 'active'],
          ['t7', 'provisioning'],
        ],
      )
      await assert.rejects(
        state.insertTenantRecords(control, 'acc-lms', ['acme'], {}),
        refusedWith('23505'),
        'a tenant is recorded once',
      )
    })

    test('a rotation starts at 1, advances by one also under 20 at once, and purposes stay apart', async () => {
      assert.deepEqual(
        await state.rotationsOf(control, 'password', ['user_a', 'user_b']),
        new Map([
          ['user_a', 1],
          ['user_b', 1],
        ]),
      )
      const sessions = await Promise.all(Array.from({ length: 20 }, () => databases.openControl()))
      try {
        const rotations = await Promise.all(
          sessions.map((session) => state.advanceRotation(session, 'password', 'user_a')),
        )
        assert.deepEqual(
          rotations.sort((a, b) => a - b),
          Array.from({ length: 20 }, (_, index) => index + 2),
        )
      } finally {
        await Promise.all(sessions.map((session) => session.close()))
      }
      assert.deepEqual(
        await state.rotationsOf(control, 'password', ['user_a', 'user_b']),
        new Map([
          ['user_a', 21],
          ['user_b', 1],
        ]),
      )
      assert.deepEqual(await state.rotationsOf(control, 'secret-key', ['user_a']), new Map([['user_a', 1]]))
    })

    test('a run is recorded with who and how it ended, and found lost when its process died', async () => {
      const run = await state.Run.start({ databases }, 'apply', { systems: ['bo-tech'] })
      assert.match(run.id, /^r-[0-9a-f]{4,}$/)
      const begun = await state.findRun(control, run.id)
      assert.equal(begun?.status, 'running')
      assert.equal(begun.actor, new URL(server.url).username)
      assert.match(begun.host, /^.+@.+$/)
      await run.finish('failed', { failed: [{ target: 'bo-tech/shop/acme' }] })
      const ended = await state.findRun(control, run.id)
      assert.equal(ended?.status, 'failed')
      assert.ok(ended.finishedAt !== null && ended.finishedAt >= ended.startedAt)
      assert.deepEqual(ended.options, { systems: ['bo-tech'] })
      assert.deepEqual(ended.summary, { failed: [{ target: 'bo-tech/shop/acme' }] })

      const dying = await state.Run.start({ databases }, 'migrate', {})
      await dying[Symbol.asyncDispose]()
      assert.equal((await state.findRun(control, dying.id))?.status, 'running', 'not yet')
      await control.query(sql`
        update panal.runs set heartbeat_at = heartbeat_at - interval '31 seconds' where id = ${dying.id}`)
      assert.equal((await state.findRun(control, dying.id))?.status, 'lost')
      assert.deepEqual(
        (await state.listRuns(control)).map(({ id, status }) => [id, status]),
        [
          [dying.id, 'lost'],
          [run.id, 'failed'],
        ],
      )
      assert.equal(await state.findRun(control, 'r-none'), null)
    })

    test('a run whose session the server ended is finished all the same', async () => {
      const run = await state.Run.start({ databases }, 'apply', {})
      await using admin = await openConnection(server.superuserUrl)
      await admin.query(sql`
        select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = 'panal' and pid <> ${control.processId}`)
      await run.finish('succeeded', {}).catch(() => run.finish('succeeded', {}))
      assert.equal((await state.findRun(control, run.id))?.status, 'succeeded')
    })

    test('audit entries are appended by 20 at once without waiting for each other', async () => {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => databases.openControl()))
      try {
        // Each appends within an open transaction: with one hot row, the second would wait for the first forever.
        await Promise.all(sessions.map((session) => session.script('begin; set local lock_timeout = 1000')))
        await Promise.all(
          sessions.map((session, index) =>
            state.appendAudit(
              session,
              [
                { action: 'role.created', subject: `role user_${index}`, detail: { index } },
                { action: 'schema.created', subject: `schema schema_${index}` },
              ],
              'r-test',
            ),
          ),
        )
        await Promise.all(sessions.map((session) => session.script('commit')))
      } finally {
        await Promise.all(sessions.map((session) => session.close()))
      }
      const entries = await state.listAudit(control)
      assert.equal(entries.length, 40)
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        entries.map(({ seq }) => seq).sort((a, b) => a - b),
      )
      const roles = await state.listAudit(control, { action: 'role' })
      assert.equal(roles.length, 20)
      assert.equal(roles[0]?.run, 'r-test')
      assert.equal(roles[0]?.actor, new URL(server.url).username)
      assert.deepEqual(
        roles.map(({ detail }) => Number(detail.index)).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index),
      )
      assert.equal((await state.listAudit(control, { action: 'schema.created', limit: 3 })).length, 3)
      assert.equal((await state.listAudit(control, { action: 'rol' })).length, 0)
      assert.equal((await state.listAudit(control, { since: new Date(Date.now() + 60_000) })).length, 0)
    })

    test('nobody but a superuser in the open changes or removes an audit entry', async () => {
      const attempts = [
        sql`update panal.audit_entries set actor = 'someone else'`,
        sql`delete from panal.audit_entries`,
        sql`truncate panal.audit_entries`,
      ]
      const before = await state.listAudit(control)
      for (const attempt of attempts) await assert.rejects(control.query(attempt), refusedWith('42501'))
      // The owner can give itself the rights back; the trigger stands all the same.
      await control.query(sql`grant update, delete, truncate on panal.audit_entries to panal_control`)
      for (const attempt of attempts) await assert.rejects(control.query(attempt), refusedWith('42501'))
      await assert.rejects(
        control.query(sql`insert into panal.audit_entries (seq, host, action, subject, detail)
          values (1, 'h', 'a', 's', '{}')`),
        refusedWith('428C9'),
        'the sequence gives the numbers',
      )

      await using admin = await openConnection(withDatabase(server.superuserUrl, 'panal'))
      await admin.query(sql`create role ordinary login password 'of-a-test'`)
      const url = new URL(withDatabase(server.superuserUrl, 'panal'))
      url.username = 'ordinary'
      url.password = 'of-a-test'
      await using ordinary = await openConnection(url.href)
      for (const attempt of [
        ...attempts,
        sql`select from panal.audit_entries`,
        sql`insert into panal.audit_entries (host, action, subject, detail) values ('h', 'a', 's', '{}')`,
        sql`alter table panal.audit_entries disable trigger all`,
        sql`select from panal.registry_settings`,
      ]) {
        await assert.rejects(ordinary.query(attempt), refusedWith('42501'))
      }
      assert.deepEqual(await state.listAudit(control), before)
      await admin.query(sql`set session_replication_role = replica`)
      await admin.query(sql`set role panal_control`)
      await assert.rejects(
        admin.query(sql`delete from panal.audit_entries`),
        refusedWith('42501'),
        'a superuser who acts as the control role, also where ordinary triggers are off',
      )
      await admin.query(sql`reset role`)
      await admin.query(sql`delete from panal.audit_entries where subject = 'role user_0'`)
      assert.equal((await state.listAudit(control)).length, before.length - 1)
    })
  })
}
