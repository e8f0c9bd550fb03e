import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasErrorCode } from './system-error.ts'

/**
 * Gives a finished folder its name, at once and for good. When somebody else was faster, theirs
 * stays and `draft` is left to the caller.
 */
export async function publishFolder(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder)
  } catch (error) {
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST')) return
    throw error
  }
  // The name itself is durable only once the folder that holds it is. Windows opens no folders.
  if (process.platform === 'win32') return
  const parent = await open(dirname(folder), 'r')
  try {
    await parent.sync()
  } finally {
    await parent.close()
  }
}
