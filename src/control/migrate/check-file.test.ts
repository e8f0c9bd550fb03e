import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import { checkFiles } from './check-file.ts'
import { parseFile } from './parse-file.ts'

const check = (text: string): Promise<void> =>
  checkFiles([parseFile({ system: 's', service: 'shop', path: 'm/1_a.sql', name: '1_a.sql' }, text)])

/** The code and place of the first problem, and how many there are. */
async function problem(text: string): Promise<readonly unknown[]> {
  try {
    await check(text)
  } catch (error) {
    if (!(error instanceof PanalError)) throw error
    return [error.code, error.place?.line, error.place?.column]
  }
  return ['fine']
}

const refused = (line: number, column: number): readonly unknown[] => [
  'PANAL_MIGRATION_REFUSED',
  line,
  column,
]

describe('what a migration may hold', () => {
  test('refuses statements that leave its transaction, role or path, or do what apply does', async () => {
    const statements = `
      BEGIN; COMMIT; ROLLBACK; END; ABORT; SAVEPOINT s; START TRANSACTION; PREPARE TRANSACTION 'x';
      SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
      SET ROLE x; SET LOCAL ROLE x; RESET ROLE; RESET ALL; DISCARD ALL;
      SET SESSION AUTHORIZATION x; RESET SESSION AUTHORIZATION;
      SET search_path = x; SET LOCAL search_path = x; RESET search_path; SET statement_timeout = 0;
      SELECT set_config('role', 'x', true); SELECT pg_catalog.set_config('search_path', '', false);
      SELECT set_config('statement_timeout', '0', false);
      GRANT SELECT ON t TO x; REVOKE ALL ON t FROM x; GRANT a TO b; REVOKE a FROM b;
      ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x;
      ALTER TABLE t OWNER TO x; ALTER FUNCTION f() OWNER TO x; REASSIGN OWNED BY a TO b; DROP OWNED BY a;
      CREATE ROLE x; CREATE USER x; ALTER ROLE x LOGIN; ALTER ROLE x SET a = b; DROP ROLE x; ALTER ROLE x RENAME TO y;
      CREATE SCHEMA x; DROP SCHEMA x; ALTER SCHEMA x RENAME TO y; ALTER SCHEMA x OWNER TO y; COMMENT ON SCHEMA x IS 'y';
      CREATE DATABASE x; DROP DATABASE x; ALTER DATABASE x SET a = b; ALTER SYSTEM SET a = b;
      CREATE EXTENSION x; DROP EXTENSION x; ALTER EXTENSION x UPDATE; ALTER TABLE t SET SCHEMA y;
      COPY t FROM STDIN; COPY t TO STDOUT`
    for (const statement of statements.split(';').map((each) => each.trim())) {
      assert.deepEqual((await problem(statement))[0], 'PANAL_MIGRATION_REFUSED', statement)
    }
  })

  test('lets pass what only looks like it', async () => {
    const statements = [
      "INSERT INTO t VALUES ('COMMIT; GRANT ALL ON t TO x;') -- SET ROLE x;",
      'SET LOCAL lock_timeout = 0',
      "SELECT set_config('app.tenant', 'x', true)",
      "COMMENT ON TABLE t IS 'x'",
      'ALTER TABLE t ADD COLUMN owner text',
      'CREATE TABLE commit (role text, "grant" text)',
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = '' AS 'SELECT 1'",
      'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; COMMIT; END $$',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END',
      `DO $$ DECLARE r record; BEGIN
         FOR r IN SELECT 1 LOOP UPDATE t SET a = CASE WHEN b THEN c ELSE d END; END LOOP;
         IF true THEN RAISE NOTICE 'GRANT x'; ELSE NULL; END IF;
       EXCEPTION WHEN others THEN NULL; END $$`,
    ]
    for (const statement of statements) assert.deepEqual(await problem(statement), ['fine'], statement)
  })

  test('looks into DO blocks, routines and constant texts that they execute', async () => {
    assert.deepEqual(await problem('SELECT 1;\nDO $$\nBEGIN\n  COMMIT;\nEND $$;'), refused(4, 3))
    assert.deepEqual(await problem("DO $$ BEGIN RAISE NOTICE '😀'; SET ROLE x; END $$;"), refused(1, 31))
    assert.deepEqual(await problem('DO $x$ BEGIN IF a THEN\nGRANT b TO c; END IF; END $x$'), refused(2, 1))
    assert.deepEqual(await problem('DO $$ BEGIN\n EXECUTE $q$RESET ROLE$q$; END $$'), refused(2, 10))
    assert.deepEqual(
      await problem("DO $$ BEGIN\n EXECUTE format('ALTER TABLE %I OWNER TO %I', a, b); END $$"),
      refused(2, 17),
    )
    assert.deepEqual(
      await problem("DO $$ BEGIN PERFORM\n set_config('role', 'x', true); END $$"),
      refused(2, 2),
    )
    const body =
      'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  REVOKE a FROM b;\nEND $$'
    assert.deepEqual(await problem(body), refused(3, 3))
    assert.deepEqual(
      await problem("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT 1; GRANT a TO b'"),
      refused(1, 61),
    )
    assert.deepEqual(
      await problem('CREATE FUNCTION f() RETURNS int LANGUAGE sql SET role = x AS $$SELECT 1$$'),
      refused(1, 1),
    )
  })

  test('tells every problem at once, with what to do about the first', async () => {
    await assert.rejects(check('SELECT 1;\n  COMMIT;\nGRANT a TO b;'), (error: unknown) => {
      assert.ok(error instanceof PanalError)
      assert.equal(error.place?.line, 2)
      assert.match(error.remedy, /transaction of its own/)
      assert.ok(error.details.some((line) => line.includes('m/1_a.sql:3:1')))
      assert.ok(error.details.some((line) => line.includes('▲')))
      return true
    })
  })

  test('names the place of a syntax error in the file: line 7, after an emoji, in the down part', async () => {
    const syntax = 'PANAL_MIGRATION_SYNTAX'
    const up = '-- migrate:up\n\n\n\n\nCREATE TABLE discounts (\n  code text NOT NUL,\n  percent int\n);'
    assert.deepEqual(await problem(up), [syntax, 7, 17])
    assert.deepEqual(await problem("SELECT '😀é', 1 fro x y;"), [syntax, 1, 20])
    assert.deepEqual(await problem('-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT ;;\n  DORP x;'), [
      syntax,
      5,
      3,
    ])
    assert.deepEqual(await problem('SELECT 1;\n\\connect other'), [syntax, 2, 1])
    assert.deepEqual(await problem("SELECT 'abc"), [syntax, 1, 8])
  })

  test('a transaction:false part holds only what can be resumed', async () => {
    const alone = async (statement: string): Promise<unknown> =>
      (await problem(`-- migrate:up transaction:false\n${statement}`))[0]
    const fine = [
      'CREATE INDEX CONCURRENTLY i ON t (a)',
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)',
      'DROP INDEX CONCURRENTLY i',
      'REINDEX INDEX CONCURRENTLY i',
      "ALTER TYPE mood ADD VALUE 'sad'",
      'ALTER TABLE t VALIDATE CONSTRAINT c',
      'ALTER TABLE t DETACH PARTITION p CONCURRENTLY',
      'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int',
      'VACUUM (ANALYZE) t',
      'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
      'DROP VIEW IF EXISTS v',
    ]
    for (const statement of fine) assert.equal(await alone(statement), 'fine', statement)
    const notResumable = [
      'CREATE TABLE t (a int)',
      'CREATE TABLE IF NOT EXISTS t (a int)',
      'CREATE INDEX CONCURRENTLY ON t (a)',
      'CREATE INDEX i ON t (a)',
      'UPDATE t SET a = a + 1',
      'INSERT INTO t VALUES (1)',
      'ALTER TABLE t ADD COLUMN a int',
      "ALTER TYPE mood RENAME VALUE 'sad' TO 'glum'",
      'REINDEX SCHEMA CONCURRENTLY s',
      'DROP VIEW v',
      'DO $$ BEGIN NULL; END $$',
    ]
    for (const statement of notResumable) {
      assert.equal(await alone(statement), 'PANAL_MIGRATION_NOT_RESUMABLE', statement)
    }
    assert.equal(await alone('SET ROLE x'), 'PANAL_MIGRATION_REFUSED')
  })
})
