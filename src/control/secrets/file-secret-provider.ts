import { join } from 'node:path'
import { createMasterKeyFile } from './create-master-key-file.ts'
import { parseMasterKey } from './parse-master-key.ts'
import { readMasterKeyFile } from './read-master-key-file.ts'
import type { SecretProvider } from './secret-provider.ts'

export const MASTER_KEY_FILE = 'master.key'

/**
 * Keeps the master key in `<home>/master.key`, 64 hexadecimal digits that only the owner may read. The
 * first who needs the key creates it; of several at once one file wins and all return its key.
 *
 * Losing the file loses every password: they can only be set anew. It belongs into a backup of its own.
 */
export function fileSecretProvider(home: string): SecretProvider {
  const path = join(home, MASTER_KEY_FILE)
  let known: Promise<Buffer> | undefined
  const load = async () => {
    let text = await readMasterKeyFile(path)
    if (text === null) {
      await createMasterKeyFile(home, path)
      text = (await readMasterKeyFile(path)) ?? ''
    }
    return parseMasterKey(text, path)
  }
  return {
    origin: path,
    masterKey: async () => {
      known ??= load()
      try {
        return await known
      } catch (error) {
        // A failure may be mended while the process runs; it must not stick.
        known = undefined
        throw error
      }
    },
  }
}
