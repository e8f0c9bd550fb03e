import { parseMasterKey } from './parse-master-key.ts'
import type { SecretProvider } from './secret-provider.ts'

export const MASTER_KEY_VARIABLE = 'PANAL_MASTER_KEY'

/** A master key given as text, in hexadecimal or base64, by the variable PANAL_MASTER_KEY. */
export function environmentSecretProvider(value: string): SecretProvider {
  return {
    origin: MASTER_KEY_VARIABLE,
    masterKey: async () => parseMasterKey(value, MASTER_KEY_VARIABLE),
  }
}
