import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { derivePassword, environmentSecretProvider } from '../src/control/secrets/index.ts'
import { openConnection, withCredentials, withDatabase } from '../src/postgres/index.ts'
import { campus, campusFiles } from './fixtures/campus.ts'
import { serverKinds } from './harness/servers.ts'
import { refusedAs } from './migrate-fixture.ts'
import {
  type ProvisionFixture,
  startProvisionFixture,
  TEST_MASTER_KEY,
  type TestPlatform,
} from './provision-fixture.ts'

const logins = ['people_svc', 'courses_svc', 'stats_svc', 'campus_analyst']
const passwordOf = (login: string): string => derivePassword(Buffer.from(TEST_MASTER_KEY, 'hex'), login, 1)

for (const kind of serverKinds()) {
  describe(`passwords on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    /** Everything that anybody could have read while the platform was applied. */
    let seen = ''
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(campusFiles)
      platform = fixture.describe({ systems: [campus] })
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('neither a password nor a verifier shows in plan, result, audit, runs or among running statements', async () => {
      seen += JSON.stringify(await platform.plan())
      const finished = new AbortController()
      let samples = 0
      const watch = async (): Promise<void> => {
        await using watcher = await openConnection(fixture.server.superuserUrl)
        while (!finished.signal.aborted) {
          const [activity] = await watcher.script(
            'SELECT string_agg(query, chr(10)) AS text FROM pg_stat_activity',
          )
          seen += String(activity!.rows[0]!.text)
          samples++
        }
      }
      const watching = watch()
      try {
        const result = await platform.apply()
        assert.deepEqual(result.failed, [])
        seen += JSON.stringify(result)
      } finally {
        finished.abort()
        await watching
      }
      assert.ok(samples > 20, `${samples} samples prove nothing`)
      assert.match(seen, /CREATE ROLE/, 'the watcher saw nothing of the roles')
      const registry = await fixture.open('panal')
      for (const table of ['audit_entries', 'runs', 'registry_settings', 'targets']) {
        const [rows] = await registry.script(`SELECT json_agg(t)::text AS text FROM panal.${table} AS t`)
        seen += String(rows!.rows[0]!.text)
      }
      assert.doesNotMatch(seen, /SCRAM-SHA-256\$/)
      for (const login of logins) assert.ok(!seen.includes(passwordOf(login)), login)
      assert.ok(!seen.includes(TEST_MASTER_KEY))
    })

    test('each derived password logs in by SCRAM, and a second apply keeps it', async () => {
      const inside = await fixture.open('postgres')
      const verifiers =
        'SELECT rolname::text, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL ORDER BY 1'
      const [before_] = await inside.script(verifiers)
      await inside.script('ALTER ROLE courses_svc NOINHERIT')
      await platform.apply()
      const [after_] = await inside.script(verifiers)
      assert.deepEqual(after_!.rows, before_!.rows)
      for (const login of logins) {
        const url = withDatabase(fixture.server.url, 'campus')
        await using connection = await openConnection(withCredentials(url, login, passwordOf(login)))
        assert.equal(connection.user, login)
        await assert.rejects(
          openConnection(withCredentials(url, login, 'wrong')),
          refusedAs('PANAL_AUTHENTICATION_FAILED'),
        )
      }
    })

    test('a step that sets a password and fails tells no verifier', async () => {
      const inside = await fixture.open('postgres')
      await (await fixture.open('campus')).script('DROP OWNED BY stats_svc; DROP ROLE stats_svc')
      await inside.script('ALTER ROLE campus_creator_1 NOCREATEROLE')
      await assert.rejects(platform.apply(), (error: Error) => {
        const text =
          JSON.stringify(error, Object.getOwnPropertyNames(error)) +
          JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause ?? {}))
        assert.match(text, /PANAL_STEP_FAILED/)
        assert.match(text, /role stats_svc/)
        assert.doesNotMatch(text, /SCRAM-SHA-256\$/)
        return true
      })
      await inside.script('ALTER ROLE campus_creator_1 CREATEROLE')
      assert.deepEqual((await platform.apply()).failed, [])
    })

    test('another master key is refused before anything is set', async () => {
      const secrets = environmentSecretProvider('00'.repeat(32))
      const inside = await fixture.open('postgres')
      await inside.script('ALTER ROLE courses_svc NOLOGIN')
      const other = fixture.describe({ systems: [campus], secrets })
      await assert.rejects(other.apply(), refusedAs('PANAL_MASTER_KEY_MISMATCH'))
      assert.deepEqual((await platform.apply()).failed, [])
    })
  })
}
