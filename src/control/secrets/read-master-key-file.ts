import { open } from 'node:fs/promises'
import { PanalError } from '../../model/index.ts'
import { systemErrorCode } from './system-error-code.ts'

/** Rights of the group and of others: the key of every password is nobody's but the owner's. */
const OTHERS = 0o077

/**
 * The text of the key's file, or null when there is none.
 * @throws PANAL_MASTER_KEY_INVALID when the file cannot be read, is no file, or others may read it
 */
export async function readMasterKeyFile(path: string): Promise<string | null> {
  try {
    await using file = await open(path, 'r')
    const found = await file.stat()
    if (!found.isFile())
      throw invalid(`${path} is no ordinary file.`, `Move it away, or name another PANAL_HOME.`)
    if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
      const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
      throw invalid(
        `${path} can be read or written by other users of this machine (mode ${mode}).`,
        `chmod 600 ${path}; if others may have seen the key, make a new one and rotate the passwords.`,
      )
    }
    return await file.readFile('utf8')
  } catch (error) {
    if (error instanceof PanalError) throw error
    const code = systemErrorCode(error)
    if (code === 'ENOENT') return null
    throw invalid(`${path} cannot be read (${code}).`, `Make ${path} readable for this user alone.`, error)
  }
}

function invalid(message: string, remedy: string, cause?: unknown): PanalError {
  return new PanalError('PANAL_MASTER_KEY_INVALID', message, { remedy, cause })
}
