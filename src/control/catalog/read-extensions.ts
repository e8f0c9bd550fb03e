import { type Connection, sql } from '../../postgres/index.ts'
import type { ExtensionFacts } from './schema-facts.ts'

/** Every extension that the server could install here, with the schema of those that are installed. */
export async function readExtensions(connection: Connection): Promise<ReadonlyMap<string, ExtensionFacts>> {
  const rows = await connection.query<ExtensionFacts>(/* SQL */ sql`
    select available.name::text as name, nspname as schema, extversion as version,
      coalesce(offered.trusted or not offered.superuser, false) as trusted
    from pg_available_extensions as available
    left join pg_available_extension_versions as offered
      on offered.name = available.name and offered.version = available.default_version
    left join pg_extension on extname = available.name
    left join pg_namespace on pg_namespace.oid = extnamespace
    order by available.name`)
  return new Map(rows.map((row) => [row.name, row]))
}
