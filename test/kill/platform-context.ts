import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../src/cli/config/index.ts'
import { type ControlContext, silent } from '../../src/control/context/index.ts'
import { Databases } from '../../src/control/databases/index.ts'
import { fileSecretProvider } from '../../src/control/secrets/index.ts'

/** What a process needs to work on the platform of these tests: given to children as arguments. */
export interface Place {
  /** Of the operator. */
  readonly url: string
  /** Where the master key stands: the same for all, so that passwords compare. */
  readonly home: string
}

/** How the sessions of a process that will be killed call themselves. */
export const KILLED_APPLICATION = 'panal-killed'

export async function platformContext(
  { url, home }: Place,
  options: Partial<Pick<ControlContext, 'onProgress' | 'signal'>> & {
    readonly applicationName?: string
  } = {},
): Promise<ControlContext> {
  const config = await loadConfig(fileURLToPath(new URL('platform/panal.config.ts', import.meta.url)))
  const named = new URL(url)
  if (options.applicationName !== undefined) {
    named.searchParams.set('application_name', options.applicationName)
  }
  return {
    config,
    databases: new Databases(config, named.href),
    secrets: fileSecretProvider(home),
    onProgress: options.onProgress ?? silent,
    signal: options.signal ?? new AbortController().signal,
  }
}
