import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * The files that a pattern names, sorted. `*` stands for any part of one name, `**` for any number
 * of folders. Hidden folders and node_modules are entered only where the pattern spells them.
 * (fs.globSync exists from Node 22 on; Panal runs on 20.)
 *
 * @param folder what a relative pattern starts from
 */
export function findFiles(pattern: string, folder: string): string[] {
  const segments = resolve(folder, pattern).split('/').slice(1)
  return [...new Set(walk('/', segments))].sort()
}

function walk(folder: string, [segment, ...rest]: readonly string[]): string[] {
  if (segment === undefined) return []
  if (segment === '**') {
    const below = subfolders(folder).flatMap((name) => walk(join(folder, name), [segment, ...rest]))
    return [...walk(folder, rest), ...below]
  }
  const names = segment.includes('*') ? matching(folder, segment) : [segment]
  return names.flatMap((name) => {
    const path = join(folder, name)
    if (rest.length > 0) return walk(path, rest)
    return existsSync(path) ? [path] : []
  })
}

function matching(folder: string, segment: string): string[] {
  const source = segment
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const pattern = new RegExp(`^${source}$`)
  return entries(folder)
    .map((entry) => entry.name)
    .filter((name) => pattern.test(name) && (!name.startsWith('.') || segment.startsWith('.')))
}

function subfolders(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A name that is a file, or was never there, cannot hold a match. Anything else (EACCES) is
    // "could not look", which is not "nothing found".
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
