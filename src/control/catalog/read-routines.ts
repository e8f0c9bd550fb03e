import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import { ownerLacks } from './owner-lacks.ts'
import type { RoutineGroup } from './schema-facts.ts'

type RoutineRow = Omit<RoutineGroup, 'acl' | 'ownerLacks'> & {
  schema: string
  acl: string[]
  standard: string[]
}

/** Functions and procedures of the given schemas, those that are alike in one row; extensions' members are left out. */
export async function readRoutines(
  connection: Connection,
  schemas: readonly string[],
): Promise<(RoutineGroup & { schema: string })[]> {
  const rows = await connection.query<RoutineRow>(
    /* SQL */ sql`
    select nspname as schema, kind, rolname as owner, acl::text[] as acl, acldefault('f', proowner)::text[] as standard,
      json_agg(json_build_object('name', proname, 'argumentTypes', types, 'definer', prosecdef)
        order by proname, types::text) as routines
    from (
      select pronamespace, proowner, proname, prosecdef,
        case prokind when 'p' then 'procedure' else 'function' end as kind,
        (select coalesce(json_agg(json_build_array(types.nspname, typname) order by place), '[]')
          from unnest(proargtypes::oid[]) with ordinality as argument (type, place)
          join pg_type on pg_type.oid = argument.type
          join pg_namespace as types on types.oid = typnamespace) as types,
        coalesce(proacl, acldefault('f', proowner))::text as acl
      from pg_proc
      where pronamespace in (select oid from pg_namespace where nspname = any (${schemas}))
        and not exists (select from pg_depend
          where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
      ) as routine
    join pg_namespace on pg_namespace.oid = pronamespace
    join pg_roles on pg_roles.oid = proowner
    group by nspname, kind, proowner, rolname, acl
    order by nspname, kind, rolname, acl`,
  )
  return rows.map(({ standard, ...row }) => {
    const acl = parseAcl(row.acl)
    return { ...row, acl, ownerLacks: ownerLacks(row.owner, acl, standard) }
  })
}
