import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { SUPERUSER } from '../src/control/provision/index.ts'
import { catalogSnapshot, snapshotDifference } from './catalog-snapshot.ts'
import { campus, campusFiles } from './fixtures/campus.ts'
import { serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture, type TestPlatform } from './provision-fixture.ts'

interface Drift {
  readonly name: string
  /** What somebody did by hand, as a superuser in the system's database. */
  readonly sql: string
  /** What the plan must ask for. */
  readonly asks: readonly string[]
  /** From which major on only a superuser can take it back; an operator is told the statement and the role. */
  readonly beyondOperator?: 15 | 16
}

const drifts: readonly Drift[] = [
  { name: 'a right too much', sql: 'GRANT DELETE ON people.users TO stats_svc', asks: ['revoke'] },
  { name: 'a right too few', sql: 'REVOKE INSERT ON courses.courses FROM courses_svc', asks: [] },
  {
    name: 'a grant option',
    sql: 'GRANT SELECT ON courses.courses TO stats_svc WITH GRANT OPTION',
    asks: ['revoke'],
  },
  {
    name: 'a right granted on by whoever had the option',
    sql: `GRANT SELECT ON people.users TO people_svc WITH GRANT OPTION;
      SET ROLE people_svc; GRANT SELECT ON people.users TO campus_analyst; RESET ROLE`,
    asks: ['revoke'],
  },
  { name: 'rights on columns', sql: 'GRANT UPDATE (name) ON people.users TO stats_svc', asks: ['revoke'] },
  {
    name: 'declared columns that are gone',
    sql: 'REVOKE SELECT (name) ON people.users FROM reporting',
    asks: [],
  },
  {
    name: 'the whole table over declared columns',
    sql: 'GRANT SELECT ON people.users TO reporting',
    asks: ['revoke'],
  },
  { name: 'PUBLIC on a table', sql: 'GRANT SELECT ON people.users TO PUBLIC', asks: ['revoke'] },
  { name: 'PUBLIC on a schema', sql: 'GRANT USAGE, CREATE ON SCHEMA people TO PUBLIC', asks: ['revoke'] },
  { name: 'PUBLIC on a routine', sql: 'GRANT EXECUTE ON FUNCTION people.greet TO PUBLIC', asks: ['revoke'] },
  {
    name: 'CREATE on the own schema',
    sql: 'GRANT CREATE ON SCHEMA courses TO courses_svc',
    asks: ['revoke'],
  },
  { name: 'a schema closed', sql: 'REVOKE USAGE ON SCHEMA courses FROM courses_svc', asks: [] },
  {
    name: 'a sequence opened',
    sql: 'GRANT UPDATE ON SEQUENCE courses.tickets TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'the control schema opened',
    sql: 'GRANT USAGE ON SCHEMA panal TO courses_svc; GRANT SELECT ON panal.ledger_applied TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'CREATE on the schema of extensions',
    sql: 'GRANT CREATE ON SCHEMA extensions TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'schema public opened to a login',
    sql: 'GRANT CREATE ON SCHEMA public TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'schema public opened to everybody',
    sql: 'GRANT CREATE ON SCHEMA public TO PUBLIC',
    asks: ['revoke'],
  },
  { name: 'CONNECT of its own', sql: 'GRANT CONNECT ON DATABASE campus TO courses_svc', asks: ['revoke'] },
  {
    name: 'CONNECT granted on',
    sql: `GRANT CONNECT ON DATABASE campus TO campus_connect WITH GRANT OPTION;
      SET ROLE campus_connect; GRANT CONNECT ON DATABASE campus TO courses_svc; RESET ROLE`,
    asks: ['revoke'],
  },
  {
    name: 'CONNECT and TEMPORARY of PUBLIC',
    sql: 'GRANT CONNECT, TEMPORARY ON DATABASE campus TO PUBLIC',
    asks: ['revoke'],
  },
  {
    name: 'CONNECT of the group gone',
    sql: 'REVOKE CONNECT ON DATABASE campus FROM campus_connect',
    asks: [],
  },
  {
    name: 'defaults for another role',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE campus_people_owner IN SCHEMA people GRANT SELECT ON TABLES TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'defaults gone',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE campus_people_owner IN SCHEMA people REVOKE SELECT ON TABLES FROM stats_svc',
    asks: [],
  },
  {
    name: 'defaults with the option to grant on',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE campus_people_owner IN SCHEMA people GRANT SELECT ON TABLES TO people_svc WITH GRANT OPTION',
    asks: ['revoke'],
  },
  {
    name: 'defaults whatever the schema',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE campus_people_owner GRANT SELECT ON TABLES TO courses_svc',
    asks: ['revoke'],
  },
  {
    name: 'routines for everybody again',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE campus_people_owner GRANT EXECUTE ON ROUTINES TO PUBLIC',
    asks: [],
  },
  {
    name: 'defaults of another creator',
    sql: 'ALTER DEFAULT PRIVILEGES FOR ROLE stranger IN SCHEMA people GRANT SELECT ON TABLES TO courses_svc',
    asks: ['revoke'],
    beyondOperator: 15,
  },
  {
    name: 'a right from a stranger with the option',
    sql: `GRANT USAGE ON SCHEMA people TO stranger; GRANT SELECT ON people.users TO stranger WITH GRANT OPTION;
      SET ROLE stranger; GRANT SELECT ON people.users TO courses_svc WITH GRANT OPTION; RESET ROLE`,
    asks: ['revoke'],
    beyondOperator: 15,
  },
  {
    name: 'a login in another login',
    sql: 'GRANT people_svc TO courses_svc',
    asks: ['revoke'],
    beyondOperator: 16,
  },
  {
    name: 'a login in an owner',
    sql: 'GRANT campus_people_owner TO courses_svc',
    asks: ['revoke'],
    beyondOperator: 16,
  },
  {
    name: 'a login in pg_read_all_data',
    sql: 'GRANT pg_read_all_data TO courses_svc',
    asks: ['revoke'],
    beyondOperator: 16,
  },
  {
    name: 'a declared membership gone',
    sql: 'SET ROLE campus_creator_1; REVOKE reporting FROM stats_svc CASCADE; RESET ROLE',
    asks: [],
  },
  {
    name: 'the way to CONNECT gone',
    sql: 'SET ROLE campus_creator_1; REVOKE campus_connect FROM stats_svc CASCADE; RESET ROLE',
    asks: [],
  },
  {
    name: 'the control role without an owner',
    sql: 'SET ROLE campus_creator_1; REVOKE campus_people_owner FROM panal_control CASCADE; RESET ROLE',
    asks: [],
  },
  { name: 'a role that creates roles', sql: 'ALTER ROLE courses_svc CREATEROLE CREATEDB', asks: ['revoke'] },
  { name: 'a superuser', sql: 'ALTER ROLE courses_svc SUPERUSER', asks: ['revoke'], beyondOperator: 15 },
  {
    name: 'a role that bypasses policies',
    sql: 'ALTER ROLE courses_svc BYPASSRLS REPLICATION',
    asks: ['revoke'],
    beyondOperator: 15,
  },
  { name: 'an owner that logs in', sql: 'ALTER ROLE campus_people_owner LOGIN', asks: ['login'] },
  { name: 'a login that may not', sql: 'ALTER ROLE courses_svc NOLOGIN', asks: [] },
  { name: 'a login that inherits nothing', sql: 'ALTER ROLE courses_svc NOINHERIT', asks: [] },
  { name: 'a login that expired', sql: "ALTER ROLE courses_svc VALID UNTIL '2001-01-01'", asks: [] },
  { name: 'another limit of connections', sql: 'ALTER ROLE stats_svc CONNECTION LIMIT 100', asks: [] },
  {
    name: 'another search_path',
    sql: 'ALTER ROLE courses_svc IN DATABASE campus SET search_path TO people, public',
    asks: [],
  },
  {
    name: 'another timeout',
    sql: "ALTER ROLE stats_svc IN DATABASE campus SET statement_timeout TO '5min'",
    asks: [],
  },
  {
    name: 'a timeout that nobody declared',
    sql: "ALTER ROLE courses_svc IN DATABASE campus SET lock_timeout TO '1s'",
    asks: [],
  },
  { name: 'no settings', sql: 'ALTER ROLE stats_svc IN DATABASE campus RESET ALL', asks: [] },
  {
    name: 'a schema of another owner',
    sql: 'ALTER SCHEMA people OWNER TO campus_courses_owner',
    asks: ['owner'],
  },
  {
    name: 'a table of another owner',
    sql: 'ALTER TABLE people.users OWNER TO campus_courses_owner',
    asks: ['owner'],
  },
  {
    name: 'a table of its own login',
    sql: 'ALTER TABLE people.users OWNER TO people_svc',
    asks: ['owner'],
    beyondOperator: 15,
  },
  {
    name: 'a function of another owner',
    sql: 'ALTER FUNCTION people.greet OWNER TO panal_control',
    asks: ['owner'],
  },
  {
    name: 'a procedure of another owner',
    sql: 'ALTER PROCEDURE courses.touch OWNER TO campus_people_owner',
    asks: ['owner'],
  },
  {
    name: 'a sequence of another owner',
    sql: 'ALTER SEQUENCE courses.tickets OWNER TO campus_people_owner',
    asks: ['owner'],
  },
  {
    name: 'a view of another owner',
    sql: 'ALTER VIEW courses.titles OWNER TO campus_people_owner; ALTER MATERIALIZED VIEW courses.counted OWNER TO campus_people_owner',
    asks: ['owner'],
  },
  {
    name: 'a type of another owner',
    sql: 'ALTER TYPE courses.level OWNER TO campus_people_owner',
    asks: ['owner'],
  },
  {
    name: 'an owner without rights of its own',
    sql: 'REVOKE SELECT, UPDATE ON people.users FROM campus_people_owner',
    asks: [],
  },
]

for (const kind of serverKinds()) {
  describe(`drift by hand on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    let snapshot: readonly string[]
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(campusFiles)
      platform = fixture.describe({ systems: [campus] })
      await (await fixture.open('postgres')).script('CREATE ROLE stranger')
      await platform.apply()
      snapshot = await catalogSnapshot(await fixture.open('campus'))
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    for (const drift of drifts) {
      test(`${drift.name}: one apply takes it back`, async () => {
        const inside = await fixture.open('campus')
        await inside.script(drift.sql)
        const drifted = snapshotDifference(snapshot, await catalogSnapshot(inside))
        assert.notDeepEqual(drifted, [], 'the statement changed nothing')
        const shown = await platform.plan()
        if ((drift.beyondOperator ?? 99) <= kind.major && !fixture.superuser) {
          assert.notDeepEqual(shown.unreachable, [], 'nobody is told')
          const result = await platform.apply()
          assert.ok(result.failed.some(({ code }) => code === 'PANAL_NOT_CONVERGED'))
          for (const { role, sql } of result.unreachable) {
            await inside.script(role === SUPERUSER ? sql : `SET ROLE ${role}; ${sql}; RESET ROLE`)
          }
          // With its owner back, a table's rights are the operator's to set again.
          assert.deepEqual((await platform.apply()).failed, [])
        } else {
          assert.deepEqual(shown.unreachable, [])
          assert.deepEqual([...new Set(shown.steps.flatMap((step) => step.asks ?? []))], drift.asks)
          // What somebody was shown must cover what runs: no second question in the middle.
          const result = await platform.apply({ confirm: async () => {} })
          assert.deepEqual(result.failed, [])
        }
        assert.deepEqual((await platform.plan()).steps, [])
        // What a stranger was given stays his; the rest is as it was.
        await inside.script('DROP OWNED BY stranger')
        assert.deepEqual(snapshotDifference(snapshot, await catalogSnapshot(inside)), [])
      })
    }
  })
}
