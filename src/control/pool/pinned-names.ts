import { type Connection, sql } from '../../postgres/index.ts'

/**
 * The routines of a schema whose bodies hold its name or its login's as text: nobody can tell what it means there
 * after a rename, so such a schema is not renamed.
 */
export async function readPinnedBodies(
  connection: Connection,
  from: { readonly schema: string; readonly login: string | null },
): Promise<readonly string[]> {
  const rows = await connection.query<{ name: string }>(sql /* SQL */`
    SELECT proname AS name FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE nspname = ${from.schema}
      AND (strpos(prosrc, ${from.schema}) > 0 OR strpos(prosrc, ${from.login}::text) > 0)
    ORDER BY proname`)
  return rows.map(({ name }) => name)
}

/**
 * Statements that set pinned search_paths anew, after the schema got its new name: `SET search_path FROM CURRENT`
 * keeps the old one in the routine's settings, and the routine would fail with 42P01. The server writes
 * them, since it knows how a routine with its argument types is quoted.
 */
export async function repinStatements(
  connection: Connection,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const rows = await connection.query<{ statement: string }>(sql /* SQL */`
    SELECT format('ALTER ROUTINE %s SET search_path TO %s', pg_proc.oid::regprocedure,
      (SELECT string_agg(quote_ident(CASE trim(name, ' "') WHEN ${from} THEN ${to} ELSE trim(name, ' "') END), ', '
          ORDER BY place)
        FROM regexp_split_to_table(substr(setting, strpos(setting, '=') + 1), ',') WITH ORDINALITY
          AS path (name, place))) AS statement
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace, unnest(proconfig) AS setting
    WHERE nspname = ${to} AND starts_with(setting, 'search_path=')
      AND setting ~ ('(=|, *)"?' || ${from} || '"? *(,|$)')`)
  return rows.map(({ statement }) => statement)
}
