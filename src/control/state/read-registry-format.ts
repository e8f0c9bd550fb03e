import { PanalError } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { REGISTRY_FORMAT } from './registry-format.ts'

export const FORMAT_KEY = 'format'

/**
 * The format of the registry in this database, or null when there is none.
 * @throws PANAL_REGISTRY_NEWER when only a later Panal can read it
 */
export async function readRegistryFormat(connection: Connection): Promise<number | null> {
  // pg_class, and not to_regclass: that needs USAGE on the schema and would hide a registry of somebody else's.
  const [found] = await connection.query(sql /* SQL */`
    SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'panal' AND relname = 'registry_settings'`)
  if (found === undefined) return null
  const [setting] = await connection.query<{ value: string }>(
    sql /* SQL */`SELECT value FROM panal.registry_settings WHERE key = ${FORMAT_KEY}`,
  )
  const format = Number(setting?.value)
  if (!Number.isInteger(format)) {
    throw new PanalError(
      'PANAL_INTERNAL',
      `The registry in database "${connection.database}" does not tell its format.`,
    )
  }
  if (format <= REGISTRY_FORMAT) return format
  throw new PanalError(
    'PANAL_REGISTRY_NEWER',
    `The registry in database "${connection.database}" has format ${format}; this Panal knows ${REGISTRY_FORMAT}.`,
  )
}

/**
 * Whether a registry stands in this database.
 * @throws PANAL_REGISTRY_NEWER
 */
export async function hasRegistry(connection: Connection): Promise<boolean> {
  return (await readRegistryFormat(connection)) !== null
}
