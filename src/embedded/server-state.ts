import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HomeLayout, temporaryPrefix } from './home-layout.ts'
import { ownByHome } from './prepare-home.ts'
import { hasErrorCode } from './system-error.ts'

/** What a home remembers between starts. */
export interface ServerState {
  /** The port of the last start. */
  readonly port: number
}

/** What the last start wrote; undefined before the first, and where the file is damaged: a port is chosen anew. */
export async function readState(layout: HomeLayout): Promise<ServerState | undefined> {
  let text: string
  try {
    text = await readFile(layout.stateFile, 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    const state = JSON.parse(text) as Partial<ServerState>
    return Number.isInteger(state.port) ? { port: Number(state.port) } : undefined
  } catch {
    return undefined
  }
}

/** Only by the holder of the home's lock. */
export async function writeState(layout: HomeLayout, state: ServerState): Promise<void> {
  const draft = join(layout.home, `${temporaryPrefix}${randomUUID()}`)
  try {
    await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o600, flush: true })
    await ownByHome(layout, draft)
    await rename(draft, layout.stateFile)
  } finally {
    await rm(draft, { force: true })
  }
}
