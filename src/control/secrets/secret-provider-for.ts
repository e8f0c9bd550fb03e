import { environmentSecretProvider, MASTER_KEY_VARIABLE } from './environment-secret-provider.ts'
import { fileSecretProvider } from './file-secret-provider.ts'
import type { SecretProvider } from './secret-provider.ts'

/**
 * The provider of a run: PANAL_MASTER_KEY where it is set and not empty, else the file in the home.
 *
 * @param home PANAL_HOME of the config
 * @param environment default: the process's own
 */
export function secretProviderFor(
  home: string,
  environment: { readonly [name: string]: string | undefined } = process.env,
): SecretProvider {
  const value = environment[MASTER_KEY_VARIABLE]
  return value === undefined || value === '' ? fileSecretProvider(home) : environmentSecretProvider(value)
}
