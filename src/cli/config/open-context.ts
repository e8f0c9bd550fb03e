import { dirname } from 'node:path'
import type { ControlContext } from '../../control/context/index.ts'
import { Databases } from '../../control/databases/index.ts'
import { secretProviderFor } from '../../control/secrets/index.ts'
import { panalHome, startEmbedded } from '../../embedded/index.ts'
import { type Config, DEFAULT_ENVIRONMENT, PanalError } from '../../model/index.ts'
import type { CommandContext } from '../framework/index.ts'
import { findConfig } from './find-config.ts'
import { loadConfig } from './load-config.ts'

export interface ContextOptions {
  /** Uses the embedded PostgreSQL although DATABASE_URL or the configuration names another server. Default: false. */
  readonly embeddedOnly?: boolean
}

export interface OpenedContext extends ControlContext {
  /** Whether everything stands on the embedded PostgreSQL, which is this person's own. */
  readonly embedded: boolean
}

/**
 * Loads the configuration and finds the default server, starting the embedded PostgreSQL where
 * nothing names another. Connects to nothing else.
 *
 * No `.env` beside the configuration is read: in the trade that file holds a *service's*
 * DATABASE_URL (`panal env` writes one), and Panal needs an operator's.
 *
 * @throws PANAL_CONFIG_NOT_FOUND, PANAL_CONFIG_INVALID, PANAL_MODEL_INVALID, and what startEmbedded throws
 */
export async function openContext(
  command: CommandContext,
  options: ContextOptions = {},
): Promise<OpenedContext> {
  const { globals, environment, onProgress, signal } = command
  const file = findConfig(command.cwd, globals.config)
  const config = await loadConfig(file, globals.env)
  const home = panalHome(dirname(file))
  const named = options.embeddedOnly === true ? undefined : defaultUrl(command, config)
  const url = named ?? (await embeddedUrl(command, config, home))
  const others = [...config.databases].filter(([key]) => key !== 'default').map(([, other]) => other)
  const elsewhere = [config.controlUrl, ...others].some((other) => other !== null)
  return {
    embedded: named === undefined && !elsewhere,
    config,
    databases: new Databases(config, url),
    secrets: secretProviderFor(home, environment),
    onProgress,
    signal,
  }
}

/**
 * DATABASE_URL goes before the configuration, and says so where the two disagree. A named environment
 * that names its own server is not led elsewhere by a variable left from other work.
 */
function defaultUrl({ onProgress, environment }: CommandContext, config: Config): string | undefined {
  const given = environment.DATABASE_URL
  const configured = config.databases.get('default') ?? undefined
  if (given === undefined || given === '' || given === configured) return configured
  if (configured === undefined) return given
  if (config.environment === DEFAULT_ENVIRONMENT) {
    onProgress({ kind: 'note', line: 'DATABASE_URL replaces the default database of the configuration.' })
    return given
  }
  const line = `DATABASE_URL is set; environment ${config.environment} names its own default database.`
  onProgress({ kind: 'note', line })
  return configured
}

/**
 * Only the default environment may use the embedded PostgreSQL: a second one on it would share the
 * first one's registry, and a forgotten variable would send production's work there.
 */
async function embeddedUrl(command: CommandContext, config: Config, home: string): Promise<string> {
  if (config.environment !== DEFAULT_ENVIRONMENT) {
    throw new PanalError(
      'PANAL_CONFIG_INVALID',
      `Environment "${config.environment}" has no URL for its default database.`,
      {
        place: { file: config.file },
        details: [
          `environments.${config.environment}.databases.default.url: is undefined; only ${DEFAULT_ENVIRONMENT} may use the embedded PostgreSQL`,
        ],
        remedy: 'Give it a URL, or check that the environment variable it comes from is set.',
      },
    )
  }
  const onStep = (line: string): void => command.onProgress({ kind: 'note', line })
  return (await startEmbedded(home, { onStep })).url
}
