import { type Connection, sql } from '../src/postgres/index.ts'

/** Object to the rights that a role effectively has there: `courses.lessons` to `SELECT INSERT`. */
export type EffectiveRights = Readonly<Record<string, string>>

/**
 * What a role can really do in the given schemas, as has_*_privilege of the server answers, memberships and
 * PUBLIC included. An oracle that shares no code with the plan: it asks by OID, role and object one by one.
 *
 * @param connection of a superuser, in the database to look at
 */
export async function effectiveRights(
  connection: Connection,
  role: string,
  schemas: readonly string[],
): Promise<EffectiveRights> {
  const rows = await connection.query<{ object: string; rights: string }>(/* SQL */ sql`
    WITH role AS (SELECT oid FROM pg_roles WHERE rolname = ${role}),
    schemas AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY (${schemas})),
    asked AS (
      SELECT 'schema ' || nspname AS object, priv, has_schema_privilege(role.oid, schemas.oid, priv) AS has
      FROM role, schemas, unnest(ARRAY['CREATE', 'USAGE']) AS priv
      UNION ALL
      SELECT nspname || '.' || relname, priv, has_table_privilege(role.oid, c.oid, priv)
      FROM role, pg_class c JOIN schemas ON schemas.oid = relnamespace,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS priv
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
      UNION ALL
      SELECT nspname || '.' || relname || '.' || attname, priv,
        has_column_privilege(role.oid, c.oid, attnum, priv) AND NOT has_table_privilege(role.oid, c.oid, priv)
      FROM role, pg_class c JOIN schemas ON schemas.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS priv
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT nspname || '.' || relname, priv, has_sequence_privilege(role.oid, c.oid, priv)
      FROM role, pg_class c JOIN schemas ON schemas.oid = relnamespace,
        unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS priv
      WHERE relkind = 'S'
      UNION ALL
      SELECT nspname || '.' || proname || '()', 'EXECUTE', has_function_privilege(role.oid, p.oid, 'EXECUTE')
      FROM role, pg_proc p JOIN schemas ON schemas.oid = pronamespace
      UNION ALL
      SELECT 'database', priv, has_database_privilege(role.oid, d.oid, priv)
      FROM role, pg_database d, unnest(ARRAY['CREATE', 'CONNECT', 'TEMPORARY']) AS priv
      WHERE datname = current_database()
    )
    SELECT object, string_agg(priv, ' ' ORDER BY array_position(ARRAY['CONNECT', 'CREATE', 'USAGE', 'SELECT', 'INSERT',
      'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'EXECUTE'], priv)) AS rights
    FROM asked WHERE has GROUP BY object ORDER BY object`)
  return Object.fromEntries(rows.map(({ object, rights }) => [object, rights]))
}
