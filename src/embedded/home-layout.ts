import { join } from 'node:path'

/** Where each thing stands in a home. */
export interface HomeLayout {
  readonly home: string
  /** A folder per version of the binaries. */
  readonly binariesDir: string
  readonly dataDir: string
  readonly socketDir: string
  readonly logFile: string
  /** The superuser's password, mode 0600. */
  readonly passwordFile: string
  /** The remembered port and the version of the binaries that were last started. */
  readonly stateFile: string
}

/** Names what only the holder of the home's lock makes: found by the next holder, it is a leftover. */
export const temporaryPrefix = 'temporary-'

/** Names what a process writes before it has the lock. */
export const lockDraftPrefix = 'draft-'

/** @param home as panalHome gives it, absolute */
export function homeLayout(home: string): HomeLayout {
  return {
    home,
    binariesDir: join(home, 'binaries'),
    dataDir: join(home, 'data'),
    socketDir: join(home, 'socket'),
    logFile: join(home, 'server.log'),
    passwordFile: join(home, 'password'),
    stateFile: join(home, 'server.json'),
  }
}
