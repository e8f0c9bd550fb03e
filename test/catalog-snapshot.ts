import { type Connection, type Sql, sql } from '../src/postgres/index.ts'

/**
 * Everything that provisioning could touch, as sorted lines of text: roles with attributes, memberships with
 * their grantors, settings, and owners, comments and every single right of databases, schemas, relations,
 * columns, routines, types, default privileges and policies. Written apart from what Panal itself
 * reads, by aclexplode, so that neither can hide a fault of the other.
 *
 * @param connection of a superuser, in the database to look at
 */
export async function catalogSnapshot(connection: Connection): Promise<readonly string[]> {
  const lines: string[] = []
  for (const query of queries) {
    for (const { line } of await connection.query<{ line: string }>(query)) lines.push(line)
  }
  return lines.sort()
}

/** Lines of one snapshot and not of the other, with a sign: what a reader wants of two long lists. */
export function snapshotDifference(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [new Set(before), new Set(after)]
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ]
}

/** Objects of everybody's: the server's own schemas change with nothing that Panal does. */
const schemas = sql`(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)' AND nspname NOT IN ('pg_catalog', 'information_schema'))`

const rights = sql`(SELECT coalesce(string_agg(
    (CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END) || '=' || privilege_type
      || (CASE WHEN is_grantable THEN '*' ELSE '' END) || '/' || pg_get_userbyid(grantor)::text, ' '
      ORDER BY grantee, privilege_type, grantor), '') FROM aclexplode(acl))`

const queries: readonly Sql[] = [
  sql /* SQL */`
    SELECT 'role ' || rolname || ' ' || concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
      rolreplication, rolbypassrls, rolconnlimit, nullif(rolvaliduntil, 'infinity')) || ' -- ' || coalesce(description, '') AS line
    FROM pg_roles LEFT JOIN pg_shdescription d ON d.objoid = pg_roles.oid AND d.classoid = 'pg_authid'::regclass`,
  sql /* SQL */`
    SELECT 'member ' || member::regrole || ' of ' || roleid::regrole || ' by ' || grantor::regrole || ' '
      || concat_ws(' ', admin_option, to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option') AS line
    FROM pg_auth_members m`,
  sql /* SQL */`
    SELECT 'setting ' || setrole::regrole || ' in ' || coalesce(datname, '*') || ' ' || setconfig::text AS line
    FROM pg_db_role_setting LEFT JOIN pg_database d ON d.oid = setdatabase`,
  sql /* SQL */`
    SELECT 'database ' || datname || ' of ' || datdba::regrole || ': ' || ${rights} AS line
    FROM (SELECT *, coalesce(datacl, acldefault('d', datdba)) AS acl FROM pg_database) AS d`,
  sql /* SQL */`
    SELECT 'schema ' || nspname || ' of ' || nspowner::regrole || ': ' || ${rights}
      || ' -- ' || coalesce(obj_description(oid, 'pg_namespace'), '') AS line
    FROM (SELECT *, coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM pg_namespace) AS n
    WHERE oid IN ${schemas}`,
  sql /* SQL */`
    SELECT 'relation ' || oid::regclass || ' ' || relkind::text || ' of ' || relowner::regrole || ': ' || ${rights}
      || ' ' || concat_ws(' ', relrowsecurity, relforcerowsecurity, reloptions::text)
      || ' -- ' || coalesce(obj_description(oid, 'pg_class'), '') AS line
    FROM (SELECT *, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) AS acl
      FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')) AS c
    WHERE relnamespace IN ${schemas}`,
  sql /* SQL */`
    SELECT 'column ' || attrelid::regclass || '.' || attname || ': ' || ${rights} AS line
    FROM (SELECT *, attacl AS acl FROM pg_attribute WHERE attacl IS NOT NULL AND NOT attisdropped) AS a
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace IN ${schemas}`,
  sql /* SQL */`
    SELECT 'routine ' || oid::regprocedure || ' of ' || proowner::regrole || ': ' || ${rights} AS line
    FROM (SELECT *, coalesce(proacl, acldefault('f', proowner)) AS acl FROM pg_proc) AS p
    WHERE pronamespace IN ${schemas}
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')`,
  sql /* SQL */`
    SELECT 'type ' || oid::regtype || ' of ' || typowner::regrole || ': ' || ${rights} AS line
    FROM (SELECT *, coalesce(typacl, acldefault('T', typowner)) AS acl FROM pg_type WHERE typtype IN ('d', 'e', 'r', 'c')) AS t
    WHERE typnamespace IN ${schemas}`,
  sql /* SQL */`
    SELECT 'default of ' || defaclrole::regrole || ' in ' || coalesce(nspname, '*') || ' on ' || defaclobjtype::text || ': '
      || ${rights} AS line
    FROM (SELECT *, defaclacl AS acl FROM pg_default_acl) AS d LEFT JOIN pg_namespace n ON n.oid = defaclnamespace`,
  sql /* SQL */`
    SELECT 'policy ' || polname || ' on ' || polrelid::regclass || ' ' || polcmd::text || ' ' || polpermissive
      || ' to ' || array_to_string(ARRAY(SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END
        FROM unnest(polroles) AS r ORDER BY 1), ',')
      || ' using ' || coalesce(pg_get_expr(polqual, polrelid), '') || ' check ' || coalesce(pg_get_expr(polwithcheck, polrelid), '') AS line
    FROM pg_policy`,
]
