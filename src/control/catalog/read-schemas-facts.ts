import { EXTENSIONS_SCHEMA, PANAL_SCHEMA } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import { MARKER_PREFIX } from './marker.ts'
import type {
  ColumnGrantFacts,
  DefaultAclFacts,
  ExtensionFacts,
  RelationGroup,
  RoutineGroup,
  SchemaFacts,
  SchemasFacts,
} from './schema-facts.ts'

/** Always looked at: everybody's schema, the extensions' and Panal's own. */
const COMMON_SCHEMAS = ['public', EXTENSIONS_SCHEMA, PANAL_SCHEMA]

export interface SchemaSelection {
  /** Names that the model declares. */
  readonly schemas: readonly string[]
  /** Roles whose default privileges count even where they name no schema. */
  readonly owners: readonly string[]
  /** Whether marked schemas that the model does not declare are read too, so that orphans show. Default: true. */
  readonly withMarked?: boolean
}

/** Reads schemas and everything in them that carries rights, in six queries however many there are. */
export async function readSchemasFacts(
  connection: Connection,
  selection: SchemaSelection,
): Promise<SchemasFacts> {
  const schemas = await readSchemas(connection, selection)
  const names = schemas.map((schema) => schema.name).filter((name) => !COMMON_SCHEMAS.includes(name))
  const relations = Map.groupBy(await readRelations(connection, names), (row) => row.schema)
  const routines = Map.groupBy(await readRoutines(connection, names), (row) => row.schema)
  const columns = Map.groupBy(await readColumnGrants(connection, names), (row) => row.schema)
  return {
    schemas: new Map(
      schemas.map(({ name, owner, comment, acl }): [string, SchemaFacts] => [
        name,
        {
          name,
          owner,
          comment,
          acl: parseAcl(acl),
          relations: relations.get(name) ?? [],
          routines: routines.get(name) ?? [],
          columnGrants: columns.get(name) ?? [],
        },
      ]),
    ),
    defaults: await readDefaults(connection, names, selection.owners),
    extensions: await readExtensions(connection),
  }
}

interface SchemaRow {
  name: string
  owner: string
  comment: string | null
  acl: string[]
}

function readSchemas(connection: Connection, selection: SchemaSelection): Promise<SchemaRow[]> {
  const names = [...selection.schemas, ...COMMON_SCHEMAS]
  const marker = selection.withMarked === false ? '\u0001' : MARKER_PREFIX
  return connection.query<SchemaRow>(/* SQL */ sql`
    select nspname as name, rolname as owner, description as comment,
      coalesce(nspacl, acldefault('n', nspowner))::text[] as acl
    from pg_namespace
    join pg_roles on pg_roles.oid = nspowner
    left join pg_description d on d.objoid = pg_namespace.oid and d.classoid = 'pg_namespace'::regclass
    where nspname = any (${names}) or starts_with(description, ${marker})
    order by nspname`)
}

async function readRelations(
  connection: Connection,
  schemas: readonly string[],
): Promise<(RelationGroup & { schema: string })[]> {
  const rows = await connection.query<Omit<RelationGroup, 'acl'> & { schema: string; acl: string[] }>(
    // Text, not aclitem[], in the grouping: the type has no ordering before 16.
    /* SQL */ sql`
    select nspname as schema, relkind::text as kind, dependent, rolname as owner, acl::text[] as acl,
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
    group by nspname, relkind, dependent, rolname, acl
    order by nspname, relkind, dependent, rolname, acl`,
  )
  return rows.map((row) => ({ ...row, acl: parseAcl(row.acl) }))
}

async function readRoutines(
  connection: Connection,
  schemas: readonly string[],
): Promise<(RoutineGroup & { schema: string })[]> {
  const rows = await connection.query<Omit<RoutineGroup, 'acl'> & { schema: string; acl: string[] }>(
    /* SQL */ sql`
    select nspname as schema, kind, rolname as owner, acl::text[] as acl,
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
    group by nspname, kind, rolname, acl
    order by nspname, kind, rolname, acl`,
  )
  return rows.map((row) => ({ ...row, acl: parseAcl(row.acl) }))
}

async function readColumnGrants(
  connection: Connection,
  schemas: readonly string[],
): Promise<(ColumnGrantFacts & { schema: string })[]> {
  const rows = await connection.query<Omit<ColumnGrantFacts, 'acl'> & { schema: string; acl: string[] }>(
    /* SQL */ sql`
    select nspname as schema, relname as relation, attname as column, rolname as owner, attacl::text[] as acl
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    join pg_namespace on pg_namespace.oid = relnamespace
    join pg_roles on pg_roles.oid = relowner
    where attacl is not null and not attisdropped and nspname = any (${schemas})
    order by nspname, relname, attnum`,
  )
  return rows.map((row) => ({ ...row, acl: parseAcl(row.acl) }))
}

/** Defaults of the given owners anywhere, and of any creator in the given schemas. */
async function readDefaults(
  connection: Connection,
  schemas: readonly string[],
  owners: readonly string[],
): Promise<DefaultAclFacts[]> {
  const rows = await connection.query<Omit<DefaultAclFacts, 'acl'> & { acl: string[] }>(/* SQL */ sql`
    select rolname as creator, nspname as schema, defaclacl::text[] as acl,
      case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines'
        when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as objects
    from pg_default_acl
    join pg_roles on pg_roles.oid = defaclrole
    left join pg_namespace on pg_namespace.oid = defaclnamespace
    where nspname = any (${schemas}) or (defaclnamespace = 0 and rolname = any (${owners}))
    order by rolname, nspname, objects`)
  return rows.map((row) => ({ ...row, acl: parseAcl(row.acl) }))
}

async function readExtensions(connection: Connection): Promise<ReadonlyMap<string, ExtensionFacts>> {
  const rows = await connection.query<ExtensionFacts>(/* SQL */ sql`
    select available.name::text as name, nspname as schema, extversion as version
    from pg_available_extensions as available
    left join pg_extension on extname = available.name
    left join pg_namespace on pg_namespace.oid = extnamespace
    order by available.name`)
  return new Map(rows.map((row) => [row.name, row]))
}
