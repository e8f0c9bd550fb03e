import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PanalError } from '../model/index.ts'
import { runsAsRoot } from './account.ts'
import { ProgramFailure } from './run-program.ts'
import { hasErrorCode } from './system-error.ts'

/** PostgreSQL writes in pages: with less than this it cannot even write down why it ends. */
const nothingLeftBytes = 64 * 1024
const shownLines = 12

/**
 * Turns what went wrong in a home into an error of the registry; an error of the registry stays as
 * it is, and so does what nobody foresaw.
 *
 * @returns PANAL_DISK_FULL, PANAL_EMBEDDED_HOME, PANAL_EMBEDDED_START, or `error` itself
 */
export async function explainFailure(error: unknown, home: string): Promise<unknown> {
  if (error instanceof PanalError) return error
  const output = error instanceof ProgramFailure ? error.output : ''
  if (hasErrorCode(error, 'ENOSPC', 'EDQUOT') || /No space left on device|Disk quota exceeded/.test(output)) {
    return diskFull(error, home)
  }
  if (error instanceof ProgramFailure) {
    const space = await freeSpace(home)
    // The server's log stands on the same disk, and may have had no room for the reason.
    if (space !== undefined && space.bytes < nothingLeftBytes) return diskFull(error, home)
    return new PanalError(
      'PANAL_EMBEDDED_START',
      `the embedded PostgreSQL in ${home} does not start: ${error.message}`,
      {
        cause: error,
        details: output.trimEnd().split('\n').slice(-shownLines),
      },
    )
  }
  if (hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'))
    return await unusableHome(error, home)
  return error
}

async function diskFull(error: unknown, home: string): Promise<PanalError> {
  const space = await freeSpace(home)
  const left = space === undefined ? '' : `, ${Math.floor(space.bytes / 1024 / 1024)} MB left`
  return new PanalError(
    'PANAL_DISK_FULL',
    `no space for the embedded PostgreSQL: the disk of ${home} is full${left}`,
    { cause: error },
  )
}

async function unusableHome(error: unknown, home: string): Promise<PanalError> {
  const reason = error instanceof Error ? error.message : String(error)
  const closed = runsAsRoot() ? await closedFolder(home) : undefined
  if (closed === undefined) {
    return new PanalError('PANAL_EMBEDDED_HOME', `the folder ${home} cannot be used: ${reason}`, {
      cause: error,
    })
  }
  return new PanalError(
    'PANAL_EMBEDDED_HOME',
    `the folder ${home} cannot be used: as root, PostgreSQL runs as an unprivileged user, who may not enter ${closed}`,
    { cause: error, remedy: 'Name another folder in PANAL_HOME, or none: the default is /var/lib/panal.' },
  )
}

/** The outermost folder on the way to `home` that an unprivileged user cannot enter. */
async function closedFolder(home: string): Promise<string | undefined> {
  const parent = dirname(home)
  const outer = parent === home ? undefined : await closedFolder(parent)
  if (outer !== undefined) return outer
  const found = await stat(home).catch(() => undefined)
  return found?.isDirectory() && found.uid === 0 && (found.mode & 0o001) === 0 ? home : undefined
}

/** Of the nearest folder that exists. */
async function freeSpace(folder: string): Promise<{ readonly bytes: number } | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return { bytes: bavail * bsize }
  } catch {
    const parent = dirname(folder)
    return parent === folder ? undefined : await freeSpace(parent)
  }
}
