import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import type { DatabaseFacts } from './cluster-facts.ts'
import { ownerLacks } from './owner-lacks.ts'

type DatabaseRow = Omit<DatabaseFacts, 'acl' | 'ownerLacks'> & { acl: string[]; standard: string[] }

/** Every database of the server but the templates. */
export async function readDatabases(connection: Connection): Promise<ReadonlyMap<string, DatabaseFacts>> {
  const rows = await connection.query<DatabaseRow>(/* SQL */ sql`
    select datname as name, rolname as owner, pg_encoding_to_char(encoding) as encoding,
      coalesce(datacl, acldefault('d', datdba))::text[] as acl, acldefault('d', datdba)::text[] as standard
    from pg_database join pg_roles on pg_roles.oid = datdba
    where not datistemplate
    order by datname`)
  return new Map(
    rows.map(({ standard, ...row }) => {
      const acl = parseAcl(row.acl)
      return [row.name, { ...row, acl, ownerLacks: ownerLacks(row.owner, acl, standard) }]
    }),
  )
}
