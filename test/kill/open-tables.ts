import { openConnection, withDatabase } from '../../src/postgres/index.ts'

const QUERY = /* SQL */ `
  SELECT c.relname || ' is open to ' || login AS line
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = relnamespace AND nspname = 'records'
  CROSS JOIN unnest(ARRAY['hive_records_svc', 'hive_reports_svc']) AS login
  WHERE relkind IN ('r', 'p') AND relname <> 'regions' AND EXISTS (SELECT FROM pg_roles WHERE rolname = login)
    AND has_schema_privilege(login, n.oid, 'USAGE')
    AND (has_any_column_privilege(login, c.oid, 'SELECT, INSERT, UPDATE')
      OR has_table_privilege(login, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'))
    AND NOT (relrowsecurity AND relforcerowsecurity
      AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polname = 'panal_tenant'
        AND (SELECT oid FROM pg_roles WHERE rolname = login) = ANY (polroles)))
  UNION ALL
  SELECT nspname || ' gives new objects to ' || pg_get_userbyid(grantee)
  FROM pg_default_acl JOIN pg_namespace AS n ON n.oid = defaclnamespace, aclexplode(defaclacl)
  WHERE nspname = 'records' AND grantee <> defaclrole`

/** Tables of the row-tenancy schema that a login may touch in any way although no policy stands between. */
export async function openTables(superuserUrl: string): Promise<readonly string[]> {
  if (!(await schemaStands(superuserUrl))) return []
  await using connection = await openConnection(withDatabase(superuserUrl, 'hive'))
  const [result] = await connection.script(QUERY)
  return (result?.rows ?? []).map((row) => String(row.line))
}

/** Tables of the schema that a login reads rows of without naming a tenant, by trying. */
export async function readableTables(superuserUrl: string): Promise<readonly string[]> {
  if (!(await schemaStands(superuserUrl))) return []
  await using connection = await openConnection(withDatabase(superuserUrl, 'hive'))
  const [tables] = await connection.script(
    `SELECT relname FROM pg_class WHERE relnamespace = 'records'::regnamespace AND relkind IN ('r', 'p')`,
  )
  const found: string[] = []
  for (const { relname } of tables?.rows ?? []) {
    const predicate = relname === 'events' ? 'WHERE colony_id IS NOT NULL' : ''
    const count = `DO $$ BEGIN IF EXISTS (SELECT FROM records."${relname}" ${predicate}) THEN RAISE 'rows'; END IF;
      EXCEPTION WHEN insufficient_privilege THEN NULL; END $$`
    const answer = await connection
      .script(`BEGIN; SET LOCAL ROLE hive_records_svc; ${count}; COMMIT`)
      .then(() => null)
      .catch((error: unknown) => String(error))
    if (answer === null) continue
    await connection.script('ROLLBACK')
    found.push(`${relname}: ${answer}`)
  }
  return found
}

async function schemaStands(superuserUrl: string): Promise<boolean> {
  await using cluster = await openConnection(superuserUrl)
  const [found] = await cluster.script(`SELECT FROM pg_database WHERE datname = 'hive'`)
  if (found?.rows.length === 0) return false
  await using connection = await openConnection(withDatabase(superuserUrl, 'hive'))
  const [schema] = await connection.script(`SELECT FROM pg_namespace WHERE nspname = 'records'`)
  return schema?.rows.length === 1
}
