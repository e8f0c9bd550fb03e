import { type Connection, sql } from '../../postgres/index.ts'
import type { PolicyFacts, RowSchemaFacts, RowTableFacts, ViewFacts } from './row-facts.ts'

/** Reads what row tenancy asks of the given schemas, in three queries. */
export async function readRowFacts(
  connection: Connection,
  schemas: readonly string[],
): Promise<ReadonlyMap<string, RowSchemaFacts>> {
  const policies = Map.groupBy(await readPolicies(connection, schemas), (row) => `${row.schema}.${row.table}`)
  const tables = Map.groupBy(await readTables(connection, schemas), (row) => row.schema)
  const views = Map.groupBy(await readViews(connection, schemas), (row) => row.schema)
  return new Map(
    schemas.map((schema) => [
      schema,
      {
        tables: (tables.get(schema) ?? []).map(
          (table): RowTableFacts => ({
            name: table.name,
            partition: table.partition,
            enabled: table.enabled,
            forced: table.forced,
            columns: new Map(Object.entries(table.columns).map(([name, notNull]) => [name, { notNull }])),
            policies: policies.get(`${schema}.${table.name}`) ?? [],
          }),
        ),
        views: views.get(schema) ?? [],
      },
    ]),
  )
}

interface TableRow {
  schema: string
  name: string
  partition: boolean
  enabled: boolean
  forced: boolean
  columns: Record<string, boolean>
}

function readTables(connection: Connection, schemas: readonly string[]): Promise<TableRow[]> {
  return connection.query<TableRow>(/* SQL */ sql`
    select nspname as schema, relname as name, relispartition as partition,
      relrowsecurity as enabled, relforcerowsecurity as forced,
      (select coalesce(json_object_agg(attname, attnotnull), '{}') from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and nspname = any (${schemas})
      and not exists (select from pg_depend
        where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by nspname, relname`)
}

function readPolicies(
  connection: Connection,
  schemas: readonly string[],
): Promise<(PolicyFacts & { schema: string; table: string })[]> {
  return connection.query(/* SQL */ sql`
    select nspname as schema, relname as table, polname as name, polpermissive as permissive,
      case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert'
        when 'w' then 'update' else 'delete' end as command,
      array(select case when role = 0 then 'public' else pg_get_userbyid(role)::text end
        from unnest(polroles) as role order by 1) as roles,
      pg_get_expr(polqual, polrelid) as "using", pg_get_expr(polwithcheck, polrelid) as "check"
    from pg_policy
    join pg_class on pg_class.oid = polrelid
    join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = any (${schemas})
    order by nspname, relname, polname`)
}

/** Materialised views run with their owner's rights whatever they say; they are never granted and not read here. */
function readViews(
  connection: Connection,
  schemas: readonly string[],
): Promise<(ViewFacts & { schema: string })[]> {
  return connection.query(/* SQL */ sql`
    select nspname as schema, relname as name,
      coalesce((select option_value::boolean from pg_options_to_table(reloptions)
        where option_name = 'security_invoker'), false) as invoker,
      coalesce((select option_value::boolean from pg_options_to_table(reloptions)
        where option_name = 'security_barrier'), false) as barrier
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'v' and nspname = any (${schemas})
    order by nspname, relname`)
}
