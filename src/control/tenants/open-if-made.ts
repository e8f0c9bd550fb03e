import { PanalError } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { Databases } from '../databases/index.ts'

/**
 * Opens a database, or gives null when it is one that Panal makes and has not made yet. One that the config
 * names must exist. The caller closes the connection.
 */
export async function openIfMade(databases: Databases, key: string): Promise<Connection | null> {
  try {
    return await databases.open(key)
  } catch (error) {
    const toBeMade = !databases.place(key).configured
    if (toBeMade && error instanceof PanalError && error.code === 'PANAL_DATABASE_MISSING') return null
    throw error
  }
}
