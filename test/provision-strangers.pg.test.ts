import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { PanalError } from '../src/model/index.ts'
import { catalogSnapshot, snapshotDifference } from './catalog-snapshot.ts'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { serverKinds } from './harness/servers.ts'
import { refusedAs } from './migrate-fixture.ts'
import { type ProvisionFixture, startProvisionFixture, type TestPlatform } from './provision-fixture.ts'

/** A database that somebody runs already, with a schema, a login and an extension that the model names too. */
const theirRoles = `
  CREATE ROLE legacy NOLOGIN; CREATE ROLE clerk LOGIN PASSWORD 'of-the-clerk' CONNECTION LIMIT 7;
  COMMENT ON ROLE clerk IS 'the clerk of the old system';
  GRANT legacy TO clerk; ALTER ROLE clerk SET work_mem TO '8MB'`
const theirObjects = `
  CREATE SCHEMA old_shop AUTHORIZATION legacy; COMMENT ON SCHEMA old_shop IS 'do not touch';
  CREATE TABLE old_shop.orders (id int); ALTER TABLE old_shop.orders OWNER TO legacy;
  GRANT USAGE ON SCHEMA old_shop TO clerk; GRANT SELECT (id) ON old_shop.orders TO clerk;
  CREATE FUNCTION old_shop.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
  ALTER DEFAULT PRIVILEGES FOR ROLE legacy IN SCHEMA old_shop GRANT SELECT ON TABLES TO clerk;
  ALTER TABLE old_shop.orders ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON old_shop.orders USING (true)`

for (const kind of serverKinds()) {
  describe(`what was there before, on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    const operator =
      kind.admin === 'superuser' ? 'postgres' : kind.admin === 'operator' ? 'operator_one' : 'operator_two'
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(campusFiles)
      platform = fixture.describe({ systems: [{ ...campus, extensions: ['pg_trgm'] }] })
      const server = await fixture.open('postgres')
      await server.script(`CREATE ROLE nobody LOGIN; ${theirRoles}`)
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('a declared role, schema and database that stand are refused by name, and nothing changes', async () => {
      const server = await fixture.open('postgres')
      await server.script(`CREATE DATABASE campus OWNER ${operator}`)
      const inside = await fixture.open('campus')
      await inside.script(theirObjects)
      const before = await catalogSnapshot(inside)
      const told = (words: readonly RegExp[]) => (error: PanalError) => {
        for (const word of words) assert.match(error.details.join('\n'), word)
      }
      await assert.rejects(
        platform.apply(),
        refusedAs('PANAL_UNMARKED_EXISTS', told([/database campus \(declared by campus\)/])),
      )
      await server.script(`SET ROLE ${operator}; CREATE ROLE courses_svc LOGIN PASSWORD 'theirs'; RESET ROLE`)
      await inside.script(`SET ROLE ${operator}; CREATE SCHEMA courses; RESET ROLE`)
      await assert.rejects(
        platform.apply(),
        refusedAs(
          'PANAL_UNMARKED_EXISTS',
          told([/role courses_svc/, /schema courses in campus/, /database campus/]),
        ),
      )
      await inside.script('DROP SCHEMA courses; DROP ROLE courses_svc')
      const changed = snapshotDifference(before, await catalogSnapshot(inside))
      // A further operator is let into the registry when he first looks.
      assert.deepEqual(
        changed.filter((line) => !line.includes(' database panal ')),
        [],
      )
    })

    test('adopted, they hold what the model says; strangers keep what they had, byte for byte', async () => {
      const inside = await fixture.open('campus')
      await inside.script(`SET ROLE ${operator};
        CREATE ROLE courses_svc LOGIN PASSWORD 'theirs' CONNECTION LIMIT 5;
        CREATE ROLE previous; GRANT previous TO ${operator}; ${kind.major >= 16 ? `GRANT previous TO ${operator} WITH INHERIT TRUE, SET TRUE;` : ''}
        CREATE SCHEMA courses; CREATE TABLE courses.relic (id serial PRIMARY KEY);
        GRANT SELECT ON courses.relic TO clerk;
        CREATE SCHEMA people AUTHORIZATION previous; RESET ROLE;
        SET ROLE previous; CREATE TABLE people.kept (id int); GRANT INSERT ON people.kept TO PUBLIC; RESET ROLE;
        CREATE EXTENSION pg_trgm SCHEMA old_shop`)
      const isTheirs = (line: string): boolean =>
        /\b(old_shop|legacy|clerk)\b/.test(line) && !/courses|pg_trgm|gtrgm/.test(line)
      const before = (await catalogSnapshot(inside)).filter(isTheirs)
      const shown = await platform.plan({ adopt: true })
      assert.deepEqual(
        shown.unreachable.map(({ subject }) => subject),
        fixture.superuser
          ? []
          : shown.unreachable.map(({ subject }) => subject).filter((s) => /old_shop/.test(s)),
      )
      assert.ok(shown.steps.some(({ subject, asks }) => subject === 'role courses_svc' && asks === 'owner'))
      assert.ok(shown.steps.some(({ subject, asks }) => subject === 'schema people' && asks === 'owner'))
      const result = await platform.apply({ adopt: true, confirm: async () => {} })
      const failures = result.failed.filter(({ message }) => !/old_shop/.test(message))
      assert.deepEqual(failures, [])
      const owners =
        await inside.script(`SELECT oid::regclass::text AS name, relowner::regrole::text AS owner FROM pg_class
        WHERE oid IN ('courses.relic'::regclass, 'courses.relic_id_seq'::regclass, 'people.kept'::regclass) ORDER BY 1`)
      assert.deepEqual(owners[0]!.rows, [
        { name: 'courses.relic', owner: 'campus_courses_owner' },
        { name: 'courses.relic_id_seq', owner: 'campus_courses_owner' },
        { name: 'people.kept', owner: 'campus_people_owner' },
      ])
      const expected = {
        ...campusMatrix.courses_svc,
        'courses.relic': 'SELECT INSERT UPDATE DELETE',
        'courses.relic_id_seq': 'USAGE',
      }
      assert.deepEqual(await effectiveRights(inside, 'courses_svc', campusSchemas), expected)
      assert.deepEqual(await effectiveRights(inside, 'nobody', campusSchemas), {})
      assert.deepEqual(snapshotDifference(before, (await catalogSnapshot(inside)).filter(isTheirs)), [])
      assert.deepEqual(
        result.foreign.filter(({ grantee }) => grantee === 'clerk').map(({ subject }) => subject),
        ['select on courses.relic'],
      )
      assert.deepEqual((await platform.plan()).steps, [])
    })

    test('the extension stays where it stood', async () => {
      const inside = await fixture.open('campus')
      const [row] = await inside.script(
        `SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'pg_trgm'`,
      )
      assert.deepEqual(row!.rows, [{ schema: 'old_shop' }])
    })
  })
}
