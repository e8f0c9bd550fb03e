import { chown, stat } from 'node:fs/promises'

/** The user that a program runs as, where it is not the present one. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * `nobody`. PostgreSQL refuses to run as root, and initdb refuses a uid without a passwd entry;
 * this one has an entry on every distribution.
 */
const nobody: Account = { uid: 65534, gid: 65534 }

export const runsAsRoot = (): boolean => process.getuid?.() === 0

/**
 * Who runs the server of a home. `undefined`: the present user, who is not root. As root it is the
 * home's owner where that is an ordinary user (so `sudo panal` starts what the user made), else
 * `nobody`.
 */
export async function serverAccount(home: string): Promise<Account | undefined> {
  if (!runsAsRoot()) return undefined
  const { uid, gid } = await stat(home)
  return uid === 0 ? nobody : { uid, gid }
}

/** Gives `path` to `account`; nothing to do where that is the present user. */
export async function giveTo(account: Account | undefined, path: string): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}
