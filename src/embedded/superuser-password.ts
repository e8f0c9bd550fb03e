import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HomeLayout, temporaryPrefix } from './home-layout.ts'
import { ownByHome } from './prepare-home.ts'
import { hasErrorCode } from './system-error.ts'

/** The superuser's password; undefined where none was made yet. */
export async function readPassword(layout: HomeLayout): Promise<string | undefined> {
  try {
    return (await readFile(layout.passwordFile, 'utf8')).trim()
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * The superuser's password, made at random where there is none. The file appears complete or not at
 * all, and it is on the disk before a cluster has the password.
 */
export async function ensurePassword(layout: HomeLayout): Promise<string> {
  const present = await readPassword(layout)
  if (present !== undefined) return present
  const password = randomBytes(24).toString('base64url')
  const draft = join(layout.home, `${temporaryPrefix}${randomUUID()}`)
  try {
    await writeFile(draft, `${password}\n`, { mode: 0o600, flush: true })
    await ownByHome(layout, draft)
    await link(draft, layout.passwordFile)
  } finally {
    await rm(draft, { force: true })
  }
  return password
}
