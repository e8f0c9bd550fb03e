import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { registerPanal } from '../../src/cli/config/register-panal.ts'
import { applyPlatform, isConverged, planPlatform } from '../../src/control/apply/index.ts'
import { type ControlContext, silent } from '../../src/control/context/index.ts'
import { Databases } from '../../src/control/databases/index.ts'
import { environmentSecretProvider } from '../../src/control/secrets/index.ts'
import { serviceEnv } from '../../src/control/tenants/index.ts'
import { resolveConfig, resolveSystem } from '../../src/model/index.ts'
import { type Connection, openConnection, serverErrorOf } from '../../src/postgres/index.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { documentTables, type Service, services } from './acc-lms-database.ts'

/** The five cells beyond each service's own schema (ACC-16). */
const reads: Readonly<Partial<Record<Service, readonly Service[]>>> = {
  enrollments: ['courses'],
  assessments: ['courses', 'enrollments'],
  payments: ['courses'],
  ai: ['courses'],
}

const denied = '42501'

/** A session of a service by the URL that Panal gives it. */
async function sessionOf(context: ControlContext, service: Service): Promise<Connection> {
  const { DATABASE_URL: url } = await serviceEnv(context, { system: 'acc-lms', service })
  return await openConnection(url)
}

for (const kind of [
  { major: 18, admin: 'superuser' },
  { major: 15, admin: 'operator' },
] as const) {
  suite(`acc-lms applied by Panal on ${kind.major} as ${kind.admin}`, () => {
    let server: TestServer
    let context: ControlContext

    before(async () => {
      const file = new URL('../../systems/acc-lms/system.ts', import.meta.url)
      registerPanal(file.href)
      const { default: definition } = (await import(file.href)) as { default: unknown }
      const config = resolveConfig({ systems: [] }, 'panal.config.ts', [
        resolveSystem(definition, fileURLToPath(file)),
      ])
      server = await startTestServer(kind)
      context = {
        config,
        databases: new Databases(config, server.url),
        secrets: environmentSecretProvider('5a'.repeat(32)),
        onProgress: silent,
        signal: new AbortController().signal,
      }
      const { failed } = await applyPlatform(context, { seed: true })
      assert.deepEqual(failed, [])
    })
    after(() => server?.[Symbol.asyncDispose]())

    test('a second plan is empty', async () => {
      assert.ok(isConverged(await planPlatform(context)))
    })

    test('each login reads and writes its own schema, reads the declared ones, and nothing else', async () => {
      for (const service of services) {
        await using session = await sessionOf(context, service)
        /** The SQLSTATE of a statement that changes nothing even where it is allowed. */
        const stateOf = (text: string) =>
          session.script(text).then(
            () => 'allowed',
            (error: unknown) => serverErrorOf(error)?.code,
          )
        for (const other of services) {
          const readable = other === service || (reads[service] ?? []).includes(other)
          for (const table of documentTables[other]) {
            const name = `${other}.${table}`
            const own = other === service ? 'allowed' : denied
            const states = {
              select: await stateOf(`select from ${name} limit 0`),
              insert: await stateOf(`insert into ${name} select * from ${name} limit 0`),
              delete: await stateOf(`delete from ${name} where false`),
              truncate: await stateOf(`truncate ${name}`),
            }
            const wanted = {
              select: readable ? 'allowed' : denied,
              insert: own,
              delete: own,
              truncate: denied,
            }
            assert.deepEqual(states, wanted, `${service} on ${name}`)
          }
          const outbox = `${other}.domain_events`
          assert.equal(await stateOf(`update ${outbox} set event_version = 2 where false`), denied, outbox)
          assert.equal(await stateOf(`delete from ${outbox} where false`), denied, outbox)
        }
      }
    })

    test('a service writes its outbox, finds its tables unqualified and searches by its own function', async () => {
      await using session = await sessionOf(context, 'ai')
      await session.script(`insert into domain_events (aggregate_type, aggregate_id, event_type, event_data, event_version)
        values ('conversation', gen_random_uuid(), 'conversation.archived', '{}', 1)`)
      const [events] = await session.script('select seq::int, tx is not null as has_tx from domain_events')
      assert.deepEqual(events?.rows, [{ seq: 1, has_tx: true }])
      const [found] = await session.script(
        `select text_content from search_content(hashed_terms_embedding('unir dos tablas con JOIN'), 1, 'lesson')`,
      )
      assert.match(String(found?.rows[0]?.text_content), /JOIN/)
      const [course] = await session.script(`select slug from courses where title = 'JavaScript moderno'`)
      assert.deepEqual(course?.rows, [{ slug: 'javascript-moderno' }])
    })
  })
}
