import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { derivePassword } from '../src/control/secrets/index.ts'
import { type Connection, openConnection, withCredentials, withDatabase } from '../src/postgres/index.ts'
import { effectiveRights } from './effective-rights.ts'
import { FIRST, SECOND, salon, salonFiles } from './fixtures/salon.ts'
import { serverKinds } from './harness/servers.ts'
import {
  type ProvisionFixture,
  startProvisionFixture,
  TEST_MASTER_KEY,
  type TestPlatform,
} from './provision-fixture.ts'

const DENIED = { code: '42501' }

for (const kind of serverKinds()) {
  describe(`row tenancy on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    let inside: Connection
    let login: Connection

    /** What a login reads in a transaction of one tenant; null: without any. */
    const asTenant = async (tenant: string | null, text: string, connection = login): Promise<unknown[]> => {
      return await connection.transaction(async () => {
        if (tenant !== null) await connection.script(`SET LOCAL app.current_salon = '${tenant}'`)
        const [result] = await connection.script(text)
        return result!.rows.map((row) => Object.values(row)[0])
      })
    }
    const logIn = (role: string): Promise<Connection> => {
      const password = derivePassword(Buffer.from(TEST_MASTER_KEY, 'hex'), role, 1)
      return openConnection(withCredentials(withDatabase(fixture.server.url, 'salon'), role, password))
    }

    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(salonFiles)
      platform = fixture.describe({ systems: [salon] })
      const result = await platform.apply()
      assert.deepEqual(result.failed, [])
      inside = await fixture.open('salon')
      login = await logIn('salon_app')
    })
    after(async () => {
      await login?.close()
      await fixture?.[Symbol.asyncDispose]()
    })

    test('every table with the key has forced policies that name the logins; the second plan is empty', async () => {
      const [tables] = await inside.script(`
        SELECT relname::text AS name, relrowsecurity AND relforcerowsecurity AS forced,
          ARRAY(SELECT polname || ':' || (SELECT string_agg(r::regrole::text, ',') FROM unnest(polroles) r) FROM pg_policy
            WHERE polrelid = pg_class.oid ORDER BY 1)::text AS policies
        FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`)
      const own = 'panal_owner:salon_app_owner'
      const tenant = '"panal_tenant:salon_app,salon_desk"'
      const shared = '"panal_shared:salon_app,salon_desk"'
      assert.deepEqual(
        tables!.rows.map(({ name, forced, policies }) => [name, forced, policies]),
        [
          ['audit_logs', true, `{${own},${shared},${tenant}}`],
          ['bookings', true, `{${own},${tenant}}`],
          ['plans', false, '{}'],
          ['salons', true, `{${own},${tenant}}`],
          ['visits', true, `{${own},${tenant}}`],
          ['visits_2026_01', true, '{}'],
        ],
      )
      const plan = await platform.plan()
      assert.deepEqual([plan.steps, plan.problems], [[], []])
    })

    test('no context, an empty one and one that was reset show no rows', async () => {
      const count = 'SELECT count(*)::int FROM app.bookings'
      assert.deepEqual(await asTenant(null, count), [0])
      assert.deepEqual(await asTenant('', count), [0])
      assert.deepEqual(await asTenant(FIRST, count), [1])
      const [after_] = await login.script(`SELECT current_setting('app.current_salon', true) AS left`)
      assert.deepEqual(after_!.rows, [{ left: '' }])
      assert.deepEqual(await asTenant(null, count), [0])
    })

    test("another tenant's rows are neither seen nor written", async () => {
      assert.deepEqual(await asTenant(SECOND, 'SELECT customer FROM app.bookings ORDER BY 1'), [
        'Eva',
        'Luis',
      ])
      assert.deepEqual(await asTenant(FIRST, 'SELECT name FROM app.salons'), ['Rizos'])
      assert.deepEqual(
        await asTenant(FIRST, "UPDATE app.bookings SET customer = 'x' WHERE true RETURNING customer"),
        ['x'],
      )
      assert.deepEqual(await asTenant(SECOND, 'SELECT customer FROM app.bookings ORDER BY 1'), [
        'Eva',
        'Luis',
      ])
      const steal = `UPDATE app.bookings SET salon_id = '${FIRST}'`
      await assert.rejects(asTenant(SECOND, steal), DENIED)
      await assert.rejects(
        asTenant(FIRST, `INSERT INTO app.bookings (salon_id, customer) VALUES ('${SECOND}', 'x')`),
        DENIED,
      )
      assert.deepEqual(
        await asTenant(FIRST, `DELETE FROM app.bookings WHERE salon_id = '${SECOND}' RETURNING 1`),
        [],
      )
      await assert.rejects(
        asTenant(null, `INSERT INTO app.bookings (salon_id, customer) VALUES ('${FIRST}', 'x')`),
        DENIED,
      )
    })

    test('a shared table without the key is read by all and written by none', async () => {
      assert.deepEqual(await asTenant(null, 'SELECT name FROM app.plans'), ['basic'])
      await assert.rejects(asTenant(FIRST, "INSERT INTO app.plans VALUES ('x', 1)"), DENIED)
      await assert.rejects(asTenant(FIRST, 'UPDATE app.plans SET price = 0'), DENIED)
    })

    test("a shared table with a nullable key shows what is everybody's, and takes only the tenant's own", async () => {
      const whats = 'SELECT what FROM app.audit_logs ORDER BY 1'
      assert.deepEqual(await asTenant(FIRST, whats), ['everybody', 'first'])
      assert.deepEqual(await asTenant(null, whats), ['everybody'])
      await assert.rejects(
        asTenant(FIRST, "INSERT INTO app.audit_logs (salon_id, what) VALUES (NULL, 'x')"),
        DENIED,
      )
      await assert.rejects(asTenant(FIRST, "UPDATE app.audit_logs SET what = 'x'"), DENIED)
      assert.deepEqual(
        await asTenant(
          FIRST,
          `INSERT INTO app.audit_logs (salon_id, what) VALUES ('${FIRST}', 'more') RETURNING what`,
        ),
        ['more'],
      )
    })

    test('the owner sees all: the backfill and the materialised view reached every row', async () => {
      const [rows] = await inside.script(
        'SELECT count(*)::int AS n FROM app.bookings WHERE upper_name IS NOT NULL',
      )
      assert.deepEqual(rows!.rows, [{ n: 3 }])
      const [counted] = await inside.script('SELECT sum(bookings)::int AS n FROM app.counted')
      assert.deepEqual(counted!.rows, [{ n: 3 }])
      await assert.rejects(asTenant(FIRST, 'SELECT * FROM app.counted'), DENIED)
      assert.deepEqual(await asTenant(SECOND, 'SELECT bookings::int FROM app.turnover'), [2])
      assert.deepEqual(await asTenant(FIRST, 'SELECT app.mine()::int'), [1])
      assert.deepEqual(await asTenant(SECOND, 'SELECT customer FROM app.customers ORDER BY 1'), [
        'Eva',
        'Luis',
      ])
    })

    test('a reader of another service is under the same policies', async () => {
      await using desk = await logIn('salon_desk')
      assert.deepEqual(await asTenant(null, 'SELECT count(*)::int FROM app.bookings', desk), [0])
      assert.deepEqual(await asTenant(SECOND, 'SELECT count(*)::int FROM app.bookings', desk), [2])
      await assert.rejects(asTenant(SECOND, 'DELETE FROM app.bookings', desk), DENIED)
    })

    test('partitions are closed in themselves; one that a definer makes is too', async () => {
      assert.deepEqual(await asTenant(FIRST, 'SELECT count(*)::int FROM app.visits'), [1])
      await assert.rejects(asTenant(FIRST, 'SELECT * FROM app.visits_2026_01'), DENIED)
      await login.script("CALL app.add_month('2026-02-01')")
      await assert.rejects(asTenant(FIRST, 'SELECT * FROM app.visits_2026_02'), DENIED)
      assert.deepEqual((await platform.plan()).steps, [])
    })

    test('the logins have these rights and no others; no default privilege reaches them', async () => {
      const rights = await effectiveRights(inside, 'salon_app', ['app'])
      assert.deepEqual(rights, {
        'app.add_month()': 'EXECUTE',
        'app.audit_logs': 'SELECT INSERT',
        'app.audit_logs_id_seq': 'USAGE',
        'app.bookings': 'SELECT INSERT UPDATE DELETE',
        'app.bookings_id_seq': 'USAGE',
        'app.customers': 'SELECT INSERT UPDATE DELETE',
        'app.mine()': 'EXECUTE',
        'app.plans': 'SELECT',
        'app.salons': 'SELECT INSERT UPDATE DELETE',
        'app.turnover': 'SELECT INSERT UPDATE DELETE',
        'app.visits': 'SELECT INSERT UPDATE DELETE',
        database: 'CONNECT',
        'schema app': 'USAGE',
      })
      const [defaults] =
        await inside.script(`SELECT defaclobjtype::text, acl.grantee::regrole::text FROM pg_default_acl,
        aclexplode(defaclacl) AS acl WHERE defaclrole = 'salon_app_owner'::regrole AND acl.grantee <> defaclrole`)
      assert.deepEqual(defaults!.rows, [])
    })

    const refusals: Readonly<Record<string, { readonly sql: string; readonly says: RegExp }>> = {
      'a table without the key': {
        sql: 'CREATE TABLE rooms (id int);',
        says: /table rooms has no column salon_id/,
      },
      'a nullable key': { sql: 'CREATE TABLE rooms (salon_id uuid);', says: /rooms.salon_id may be null/ },
      "a view with its owner's eyes": {
        sql: 'CREATE VIEW spy AS SELECT * FROM bookings;',
        says: /view spy shows every tenant/,
      },
      'a SECURITY DEFINER function': {
        sql: `CREATE FUNCTION spy() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS 'SELECT 1::bigint';`,
        says: /routine spy is SECURITY DEFINER/,
      },
      'a listed view without a barrier': {
        sql: 'CREATE VIEW holidays_of_all AS SELECT * FROM bookings;',
        says: /needs WITH \(security_barrier = true\)/,
      },
      'a permissive policy': {
        sql: 'CREATE POLICY open ON bookings USING (true);',
        says: /policy open of bookings is permissive/,
      },
    }
    for (const [what, { sql, says }] of Object.entries(refusals)) {
      test(`a migration that makes ${what} is refused, and leaves nothing`, async () => {
        await fixture.write({ 'salon/app/migrations/004_bad.sql': sql })
        try {
          const result = await platform.apply()
          assert.deepEqual(
            result.failed.map(({ code, migration }) => [code, migration]),
            [['PANAL_ROW_TENANCY', '004_bad']],
          )
          assert.match(JSON.stringify(result.failed), says)
        } finally {
          await fixture.write({ 'salon/app/migrations/004_bad.sql': null })
        }
        const plan = await platform.plan()
        assert.deepEqual([plan.steps, plan.problems, plan.pending], [[], [], []])
      })
    }

    test('a restrictive policy of the application may stand', async () => {
      await fixture.write({
        'salon/app/migrations/004_narrow.sql': `CREATE POLICY narrow ON bookings AS RESTRICTIVE USING (customer <> 'hidden');`,
      })
      assert.deepEqual((await platform.apply()).failed, [])
      assert.deepEqual((await platform.plan()).steps, [])
    })

    const drifts: Readonly<Record<string, { readonly sql: string; readonly asks: readonly string[] }>> = {
      'row security off': { sql: 'ALTER TABLE app.bookings DISABLE ROW LEVEL SECURITY', asks: [] },
      'no FORCE': { sql: 'ALTER TABLE app.bookings NO FORCE ROW LEVEL SECURITY', asks: [] },
      'an edited policy': { sql: 'ALTER POLICY panal_tenant ON app.bookings USING (true)', asks: [] },
      'a policy for others': { sql: 'ALTER POLICY panal_tenant ON app.bookings TO PUBLIC', asks: [] },
      'a policy that checks nothing': {
        sql: 'ALTER POLICY panal_tenant ON app.bookings WITH CHECK (true)',
        asks: [],
      },
      'a dropped policy': { sql: 'DROP POLICY panal_owner ON app.bookings', asks: [] },
      'a policy by our name': { sql: 'CREATE POLICY panal_more ON app.bookings USING (true)', asks: [] },
      'an extra policy': {
        sql: 'CREATE POLICY extra ON app.bookings TO salon_app USING (true)',
        asks: ['revoke'],
      },
      'an open partition': {
        sql: 'GRANT SELECT ON app.visits_2026_01 TO salon_app; ALTER TABLE app.visits_2026_01 DISABLE ROW LEVEL SECURITY',
        asks: ['revoke'],
      },
      'a granted materialised view': { sql: 'GRANT SELECT ON app.counted TO salon_app', asks: ['revoke'] },
      'writes to a shared table': { sql: 'GRANT INSERT ON app.plans TO salon_app', asks: ['revoke'] },
    }
    for (const [what, { sql, asks }] of Object.entries(drifts)) {
      test(`${what}, by hand: one apply takes it back`, async () => {
        await inside.script(sql)
        const shown = await platform.plan()
        assert.notEqual(shown.steps.length, 0)
        assert.deepEqual([...new Set(shown.steps.flatMap((step) => step.asks ?? []))], asks)
        assert.deepEqual((await platform.apply({ confirm: async () => {} })).failed, [])
        assert.deepEqual((await platform.plan()).steps, [])
        assert.deepEqual(await asTenant(SECOND, 'SELECT customer FROM app.bookings ORDER BY 1'), [
          'Eva',
          'Luis',
        ])
      })
    }

    test('what somebody made by hand and no statement mends is closed and told', async () => {
      await inside.script(`SET ROLE salon_app_owner; CREATE TABLE app.rooms (id int); CREATE VIEW app.spy AS SELECT * FROM app.bookings;
        CREATE FUNCTION app.spy_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.bookings';
        GRANT SELECT ON app.rooms, app.spy TO salon_app; GRANT EXECUTE ON FUNCTION app.spy_all TO salon_app; RESET ROLE`)
      const result = await platform.apply()
      assert.deepEqual(
        result.failed.map(({ code }) => code),
        ['PANAL_ROW_TENANCY', 'PANAL_ROW_TENANCY', 'PANAL_ROW_TENANCY'],
      )
      for (const text of ['SELECT * FROM app.rooms', 'SELECT * FROM app.spy', 'SELECT app.spy_all()']) {
        await assert.rejects(asTenant(FIRST, text), DENIED)
      }
      // The migration that mends it is not held up by what it mends.
      await fixture.write({
        'salon/app/migrations/005_mend.sql': `DROP VIEW spy; DROP FUNCTION spy_all; DROP TABLE rooms;`,
      })
      assert.deepEqual((await platform.apply()).failed, [])
      const plan = await platform.plan()
      assert.deepEqual([plan.steps, plan.problems], [[], []])
    })

    test('a table is never open: a login that polls while migrations make it reads no row', async () => {
      let reads = 0
      let polls = 0
      const finished = new AbortController()
      const poll = async (): Promise<void> => {
        await using reader = await logIn('salon_app')
        while (!finished.signal.aborted) {
          for (let table = 1; table <= 5; table++) {
            polls++
            const rows = await reader.script(`SELECT * FROM app.fresh_${table}`).catch(() => [])
            reads += rows[0]?.rows.length ?? 0
          }
        }
      }
      const polling = poll()
      const files = [1, 2, 3, 4, 5].map((number): [string, string] => [
        `salon/app/migrations/01${number}_fresh.sql`,
        `CREATE TABLE fresh_${number} (salon_id uuid NOT NULL); INSERT INTO fresh_${number} VALUES ('${FIRST}'); SELECT pg_sleep(0.02);`,
      ])
      await fixture.write(Object.fromEntries(files))
      try {
        assert.deepEqual((await platform.apply()).failed, [])
      } finally {
        finished.abort()
        await polling
      }
      assert.equal(reads, 0)
      assert.ok(polls > 20, `${polls} polls prove nothing`)
      assert.deepEqual(await asTenant(FIRST, 'SELECT count(*)::int FROM app.fresh_1'), [1])
    })
  })
}
