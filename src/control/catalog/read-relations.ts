import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import { ownerLacks } from './owner-lacks.ts'
import type { RelationGroup } from './schema-facts.ts'

type RelationRow = Omit<RelationGroup, 'acl' | 'ownerLacks'> & {
  schema: string
  acl: string[]
  standard: string[]
}

/** Tables, views and sequences of the given schemas, those that are alike in one row; extensions' members are left out. */
export async function readRelations(
  connection: Connection,
  schemas: readonly string[],
): Promise<(RelationGroup & { schema: string })[]> {
  const rows = await connection.query<RelationRow>(
    // Text, not aclitem[], in the grouping: the type has no ordering before 16.
    /* SQL */ sql`
    select nspname as schema, relkind::text as kind, dependent, rolname as owner, acl::text[] as acl,
      acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)::text[] as standard,
      array_agg(relname::text order by relname) as names
    from (
      select relnamespace, relkind, relowner, relname,
        coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))::text as acl,
        relkind = 'S' and exists (select from pg_depend where classid = 'pg_class'::regclass
          and objid = pg_class.oid and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')) as dependent
      from pg_class
      where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and relnamespace in (select oid from pg_namespace where nspname = any (${schemas}))
        and not exists (select from pg_depend
          where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
      ) as relation
    join pg_namespace on pg_namespace.oid = relnamespace
    join pg_roles on pg_roles.oid = relowner
    group by nspname, relkind, dependent, relowner, rolname, acl
    order by nspname, relkind, dependent, rolname, acl`,
  )
  return rows.map(({ standard, ...row }) => {
    const acl = parseAcl(row.acl)
    return { ...row, acl, ownerLacks: ownerLacks(row.owner, acl, standard) }
  })
}
