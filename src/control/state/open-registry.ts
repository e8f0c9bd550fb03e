import { PanalError } from '../../model/index.ts'
import { type Connection, type ConnectionOptions, sqlStateOf } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { readRegistryFormat } from './read-registry-format.ts'

/** What `SET ROLE` answers for a role that the server does not have. */
const NO_SUCH_ROLE = '22023'

/**
 * Opens the control database, or gives null when nothing was ever provisioned: the database, the control
 * role or the registry's tables do not exist. A server that cannot be reached or lets nobody
 * in is an error: "could not look" is not "nothing there". The caller closes the connection.
 *
 * @throws PANAL_REGISTRY_NEWER, and what connecting throws
 */
export async function openRegistry(
  context: Pick<ControlContext, 'databases'>,
  options: ConnectionOptions = {},
): Promise<Connection | null> {
  const connection = await openControl(context, options)
  if (connection === null) return null
  let format: number | null
  try {
    format = await readRegistryFormat(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
  if (format !== null) return connection
  await connection.close()
  return null
}

/**
 * As {@link openRegistry}, for what makes no sense before the first apply.
 * @throws PANAL_NOT_PROVISIONED
 */
export async function requireRegistry(
  context: Pick<ControlContext, 'databases'>,
  options: ConnectionOptions = {},
): Promise<Connection> {
  const connection = await openRegistry(context, options)
  if (connection !== null) return connection
  throw new PanalError('PANAL_NOT_PROVISIONED', 'Nothing has been provisioned on this server yet.')
}

async function openControl(
  { databases }: Pick<ControlContext, 'databases'>,
  options: ConnectionOptions,
): Promise<Connection | null> {
  try {
    return await databases.openControl(options)
  } catch (error) {
    // A control database that the config names must exist; the one that apply creates need not yet.
    const absent =
      error instanceof PanalError && error.code === 'PANAL_DATABASE_MISSING' && !databases.control.configured
    if (absent || sqlStateOf(error) === NO_SUCH_ROLE) return null
    throw error
  }
}
