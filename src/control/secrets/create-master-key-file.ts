import { randomBytes } from 'node:crypto'
import { chmod, chown, link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PanalError } from '../../model/index.ts'
import { systemErrorCode } from './system-error-code.ts'

const KEY_BYTES = 32

/**
 * Puts a new random key into `path`, unless somebody else was faster. The draft is written and synced
 * first and then linked: `link` refuses an existing name, so there is one winner and nobody ever
 * sees half a key (opening with O_EXCL would show an empty file for a moment, `rename` would
 * replace the key of a faster process).
 *
 * @throws PANAL_MASTER_KEY_INVALID when the home cannot be written
 */
export async function createMasterKeyFile(home: string, path: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await makeHome(home)
    await writeDraft(home, draft)
    await linkUnlessThere(draft, path)
    await syncFolder(home)
  } catch (error) {
    const code = systemErrorCode(error)
    throw new PanalError('PANAL_MASTER_KEY_INVALID', `No master key could be created in ${home} (${code}).`, {
      remedy: `Make ${home} writable for this user, name another folder in PANAL_HOME, or set PANAL_MASTER_KEY.`,
      cause: error,
    })
  } finally {
    await rm(draft, { force: true })
  }
}

async function linkUnlessThere(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

async function writeDraft(home: string, draft: string): Promise<void> {
  await using file = await open(draft, 'wx', 0o600)
  await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`)
  await file.sync()
  if (process.getuid?.() !== 0) return
  // Once as root must not lock out the user whose folder it is.
  const { uid, gid } = await stat(home)
  await chown(draft, uid, gid)
}

/**
 * The home of a config is shared with the embedded PostgreSQL, whose user must be able to enter it
 * when Panal runs as root; what is secret in it has a mode of its own. It often stands inside
 * a project, whose history must not get the key.
 */
async function makeHome(home: string): Promise<void> {
  const mode = process.getuid?.() === 0 ? 0o755 : 0o700
  const first = await mkdir(home, { recursive: true, mode })
  if (first === undefined) return
  for (let folder = home; folder.startsWith(first); folder = dirname(folder)) await chmod(folder, mode)
  await writeFile(join(home, '.gitignore'), '*\n')
}

/** Makes the new name survive a power failure: a key that vanishes after passwords were set is lost for good. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
