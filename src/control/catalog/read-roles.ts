import { type Connection, sql } from '../../postgres/index.ts'
import type { RoleFacts } from './cluster-facts.ts'

/**
 * Reads the attributes of roles by name.
 *
 * @param others further ones: whose names begin so, and whose comment begins so (null: none)
 */
export async function readRoles(
  connection: Connection,
  names: readonly string[],
  others: { readonly prefixes: readonly string[]; readonly marker: string | null } = {
    prefixes: [],
    marker: null,
  },
): Promise<ReadonlyMap<string, RoleFacts>> {
  const rows = await connection.query<RoleFacts>(/* SQL */ sql`
    select rolname as name, rolcanlogin as login, rolsuper as superuser, rolcreaterole as "createRole",
      rolcreatedb as "createDatabase", rolreplication as replication, rolbypassrls as "bypassRls",
      rolinherit as inherit, rolconnlimit as "connectionLimit", description as comment,
      coalesce(isfinite(rolvaliduntil), false) as expires
    from pg_roles
    left join pg_shdescription d on d.objoid = pg_roles.oid and d.classoid = 'pg_authid'::regclass
    where rolname = any (${names}) or starts_with(description, ${others.marker}::text)
      or exists (select from unnest(${others.prefixes}::text[]) as prefix where starts_with(rolname, prefix))
    order by rolname`)
  return new Map(rows.map((row) => [row.name, row]))
}
