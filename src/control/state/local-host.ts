import { hostname, userInfo } from 'node:os'

/** `user@machine` that this process runs as: the database's user alone does not tell two operators of one login apart. */
export function localHost(): string {
  return `${userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a uid without an entry in passwd.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
