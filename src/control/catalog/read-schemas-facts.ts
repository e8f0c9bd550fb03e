import { EXTENSIONS_SCHEMA, PANAL_SCHEMA } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { parseAcl } from './acl.ts'
import { MARKER_PREFIX } from './marker.ts'
import { ownerLacks } from './owner-lacks.ts'
import { readExtensions } from './read-extensions.ts'
import { readRelations } from './read-relations.ts'
import { readRoutines } from './read-routines.ts'
import type {
  ColumnGrantFacts,
  DefaultAclFacts,
  SchemaFacts,
  SchemasFacts,
  TypeFacts,
} from './schema-facts.ts'

/** Always looked at, but only the schema itself: what stands in it is the extensions' or somebody else's. */
const OPAQUE_SCHEMAS = ['public', EXTENSIONS_SCHEMA]

export interface SchemaSelection {
  /** Names that the model declares. */
  readonly schemas: readonly string[]
  /** Roles whose default privileges count even where they name no schema. */
  readonly owners: readonly string[]
  /** Whether marked schemas that the model does not declare are read too, so that orphans show. Default: true. */
  readonly withMarked?: boolean
}

/** Reads schemas and everything in them that carries rights, in seven queries however many there are. */
export async function readSchemasFacts(
  connection: Connection,
  selection: SchemaSelection,
): Promise<SchemasFacts> {
  const schemas = await readSchemas(connection, selection)
  const names = schemas.map((schema) => schema.name).filter((name) => !OPAQUE_SCHEMAS.includes(name))
  const relations = Map.groupBy(await readRelations(connection, names), (row) => row.schema)
  const routines = Map.groupBy(await readRoutines(connection, names), (row) => row.schema)
  const columns = Map.groupBy(await readColumnGrants(connection, names), (row) => row.schema)
  const types = Map.groupBy(await readTypes(connection, names), (row) => row.schema)
  return {
    schemas: new Map(
      schemas.map(({ name, owner, comment, acl, standard }): [string, SchemaFacts] => [
        name,
        {
          name,
          owner,
          comment,
          acl: parseAcl(acl),
          ownerLacks: ownerLacks(owner, parseAcl(acl), standard),
          relations: relations.get(name) ?? [],
          routines: routines.get(name) ?? [],
          columnGrants: columns.get(name) ?? [],
          types: types.get(name) ?? [],
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
  standard: string[]
}

function readSchemas(connection: Connection, selection: SchemaSelection): Promise<SchemaRow[]> {
  const names = [...selection.schemas, PANAL_SCHEMA, ...OPAQUE_SCHEMAS]
  const marker = selection.withMarked === false ? null : MARKER_PREFIX
  return connection.query<SchemaRow>(/* SQL */ sql`
    select nspname as name, rolname as owner, description as comment,
      coalesce(nspacl, acldefault('n', nspowner))::text[] as acl, acldefault('n', nspowner)::text[] as standard
    from pg_namespace
    join pg_roles on pg_roles.oid = nspowner
    left join pg_description d on d.objoid = pg_namespace.oid and d.classoid = 'pg_namespace'::regclass
    where nspname = any (${names}) or starts_with(description, ${marker}::text)
    order by nspname`)
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

/** Types that somebody made as such; a table's row type and a range's multirange follow theirs. */
function readTypes(
  connection: Connection,
  schemas: readonly string[],
): Promise<(TypeFacts & { schema: string })[]> {
  return connection.query(/* SQL */ sql`
    select nspname as schema, typname as name, rolname as owner
    from pg_type
    join pg_namespace on pg_namespace.oid = typnamespace
    join pg_roles on pg_roles.oid = typowner
    where nspname = any (${schemas})
      and (typtype in ('d', 'e', 'r')
        or typtype = 'c' and exists (select from pg_class where pg_class.oid = typrelid and relkind = 'c'))
      and not exists (select from pg_depend
        where classid = 'pg_type'::regclass and objid = pg_type.oid and deptype = 'e')
    order by nspname, typname`)
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
