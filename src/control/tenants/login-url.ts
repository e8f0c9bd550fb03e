import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { derivePassword } from '../secrets/index.ts'
import { masterKeyOf, rotationsOf } from '../state/index.ts'
import { databaseUrl } from './database-url.ts'

/**
 * The URL of a login in a database, with its present password.
 * @throws PANAL_MASTER_KEY_MISMATCH, PANAL_MASTER_KEY_INVALID
 */
export async function loginUrl(
  context: Pick<ControlContext, 'databases' | 'secrets'>,
  registry: Connection,
  database: string,
  login: string,
): Promise<string> {
  const key = await masterKeyOf(registry, context.secrets)
  const rotation = (await rotationsOf(registry, 'password', [login])).get(login)!
  return databaseUrl(context.databases.place(database).url, login, derivePassword(key, login, rotation))
}
