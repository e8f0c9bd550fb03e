import { existsSync } from 'node:fs'

/**
 * Imports a peer from the packages of this folder, which are no dependencies of Panal's. What it
 * exports is the caller's to say: the type checker has to pass where they are not installed.
 *
 * @param entry the file to import, from `node_modules` on
 * @throws when the peers are not installed
 */
export async function loadPeer<Exports>(entry: string): Promise<Exports> {
  const file = new URL(`./node_modules/${entry}`, import.meta.url)
  if (!existsSync(file)) {
    throw new Error('The peers are not installed. Run: node scripts/ensure-installed.mjs --peers')
  }
  return await import(file.href)
}
