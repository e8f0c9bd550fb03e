import { randomUUID } from 'node:crypto'
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { runsAsRoot } from './account.ts'
import type { Binaries } from './find-binaries.ts'
import { temporaryPrefix } from './home-layout.ts'
import { publishFolder } from './publish-folder.ts'
import { hasErrorCode } from './system-error.ts'

/**
 * Puts the programs of PostgreSQL into a folder of their own and gives it: a reinstall would pull
 * node_modules from under a running server, and an unprivileged account may not reach it.
 *
 * @param parent made when missing; the folder is named after the version, and kept if it is there
 */
export async function installBinaries(binaries: Binaries, parent: string): Promise<string> {
  const folder = join(parent, binaries.version)
  if (await exists(folder)) return folder
  await mkdir(parent, { recursive: true })
  await chmod(parent, 0o755)
  const draft = join(parent, `${temporaryPrefix}${randomUUID()}`)
  try {
    await copyTree(binaries.root, draft)
    await completeSymlinks(binaries.root, draft)
    await publishFolder(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

/** Where a program of PostgreSQL stands in a folder that installBinaries gave. */
export function program(installed: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(installed, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else await linkOrCopy(source, target)
  }
}

/** A hard link costs nothing (the copy is 60 MB); it needs the same file system, and often the same owner. */
async function linkOrCopy(source: string, target: string): Promise<void> {
  const { mode } = await stat(source)
  const readableByAll = (mode & 0o004) !== 0
  if (readableByAll || !runsAsRoot()) {
    try {
      await link(source, target)
      return
    } catch (error) {
      if (!hasErrorCode(error, 'EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EMLINK', 'ENOSYS')) throw error
    }
  }
  await copyFile(source, target)
  await chmod(target, (mode & 0o777) | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6))
}

/**
 * npm packs no symbolic links: the package makes them in a postinstall script from a list, and
 * `--ignore-scripts` leaves them out. The list is there in either case.
 */
async function completeSymlinks(root: string, draft: string): Promise<void> {
  let list: string
  try {
    list = await readFile(join(root, 'pg-symlinks.json'), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return
    throw error
  }
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Both are written relative to the package: native/lib/…
    const path = join(draft, target.replace(/^native\//, ''))
    if (dirname(source) === dirname(target) && !(await exists(path))) await symlink(basename(source), path)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false
    throw error
  }
}
