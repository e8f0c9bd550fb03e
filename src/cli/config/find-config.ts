import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PanalError } from '../../model/index.ts'

/** In the order in which they are looked for; the nearest folder that has one wins. */
const NAMES = ['panal.config.ts', 'panal.config.mts', 'panal.config.js', 'panal.config.mjs']

/**
 * The configuration file: the one given, else the first on the way up from the current folder.
 *
 * @param given what `--config` says, relative to `cwd`
 * @returns an absolute path
 * @throws PANAL_CONFIG_NOT_FOUND
 */
export function findConfig(cwd: string, given: string | undefined): string {
  if (given !== undefined) {
    const file = resolve(cwd, given)
    if (existsSync(file)) return file
    throw new PanalError('PANAL_CONFIG_NOT_FOUND', `There is no file ${file} (--config ${given}).`, {
      remedy: 'Correct the path after --config, or run panal init.',
    })
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find((file) => existsSync(file))
    if (found !== undefined) return found
    if (dirname(folder) === folder) break
  }
  throw new PanalError(
    'PANAL_CONFIG_NOT_FOUND',
    `There is no panal.config.ts in ${cwd} or any folder above it.`,
  )
}

/**
 * The folder that the embedded PostgreSQL belongs to, for commands that need nothing of the
 * configuration but its place. With PANAL_HOME set there need not be one.
 *
 * @throws PANAL_CONFIG_NOT_FOUND
 */
export function configFolder(cwd: string, given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const chosen = environment.PANAL_HOME
  if (given === undefined && chosen !== undefined && chosen !== '') return cwd
  return dirname(findConfig(cwd, given))
}

export const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file)
