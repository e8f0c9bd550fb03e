import { chmod, chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../model/index.ts'
import { runsAsRoot } from './account.ts'
import { type HomeLayout, lockDraftPrefix, temporaryPrefix } from './home-layout.ts'
import { hasErrorCode } from './system-error.ts'

const draftLifetimeMs = 60_000
const removeAttempts = 100
const removeRetryMs = 30

/**
 * Makes the home's folder. As root it can be entered by everybody, since the server runs as another
 * user; what is secret in it has a mode of its own.
 *
 * @throws PANAL_EMBEDDED_HOME for a path that pg_ctl cannot pass on
 */
export async function makeHome(layout: HomeLayout): Promise<void> {
  refuseUnusablePath(layout.home)
  const mode = runsAsRoot() ? 0o755 : 0o700
  const first = await mkdir(layout.home, { recursive: true, mode })
  if (first === undefined) return
  // The umask may have taken rights away from every folder that was made here.
  for (let folder = layout.home; folder.startsWith(first); folder = join(folder, '..'))
    await chmod(folder, mode)
  // The default home stands inside of a project: neither data nor password belong into its history.
  await writeFile(join(layout.home, '.gitignore'), '*\n')
}

/**
 * Removes what interrupted starts left behind. Only by the holder of the home's lock. The initdb of a
 * killed start may still be writing: it ends when its folder goes.
 */
export async function sweepLeftovers(layout: HomeLayout): Promise<void> {
  for (const name of await readdir(layout.home)) {
    const path = join(layout.home, name)
    if (name.startsWith(temporaryPrefix)) await removeFolder(path)
    else if (name.startsWith(lockDraftPrefix) && (await ageMs(path)) > draftLifetimeMs)
      await rm(path, { force: true })
  }
}

/** Again while somebody still writes into it. Node's own retries wait longer each time, up to 5 s. */
async function removeFolder(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rm(path, { recursive: true, force: true })
    } catch (error) {
      if (!hasErrorCode(error, 'ENOTEMPTY') || attempt === removeAttempts) throw error
      await sleep(removeRetryMs)
    }
  }
}

/** As root, gives a file to whoever owns the home, so that this user can start the server without root again. */
export async function ownByHome(layout: HomeLayout, path: string): Promise<void> {
  if (!runsAsRoot()) return
  const { uid, gid } = await stat(layout.home)
  await chown(path, uid, gid)
}

async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? 0 : Date.now() - found.mtimeMs
}

/** pg_ctl hands the log's path to a shell inside of double quotes, where these characters mean something else. */
function refuseUnusablePath(home: string): void {
  const found = process.platform === 'win32' ? null : /["$`\\\n]/.exec(home)
  if (found === null) return
  throw new PanalError(
    'PANAL_EMBEDDED_HOME',
    `the embedded PostgreSQL cannot live in ${JSON.stringify(home)}: its path has the character ${JSON.stringify(found[0])}`,
  )
}
