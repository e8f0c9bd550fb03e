import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PanalError } from '../../model/index.ts'

/** Paths relative to the folder. */
export interface Scaffold {
  readonly written: readonly string[]
  /** Files that were there and fit as they are, such as a README of the project. */
  readonly kept: readonly string[]
  /** A .gitignore that was there and did not yet leave out the folder of secrets. */
  readonly extended: readonly string[]
}

/** Beside this file in the sources, and in a build, where it is copied as it is. */
const templateFolder = fileURLToPath(new URL('./template/', import.meta.url))

/** What a project may have before Panal comes; everything else must be new. */
const MAY_EXIST: ReadonlySet<string> = new Set(['README.md', '.gitignore'])

/**
 * Writes a configuration and one system of two services that runs. Overwrites nothing. Where this
 * Node runs no TypeScript (before 22.18), the files end in `.mjs`.
 *
 * @param folder absolute; made where it is missing
 * @throws PANAL_INIT_EXISTS naming every file in the way, before anything is written
 * @throws PANAL_FOLDER_UNWRITABLE
 */
export async function writeScaffold(folder: string): Promise<Scaffold> {
  const names = await templateNames()
  const files = names.map((name) => ({ name, target: targetName(name) }))
  const present = files.filter(({ target }) => existsSync(join(folder, target)))
  const inTheWay = present.filter(({ target }) => !MAY_EXIST.has(target)).map(({ target }) => target)
  if (inTheWay.length > 0) {
    throw new PanalError('PANAL_INIT_EXISTS', `${folder} has files that panal init would write.`, {
      details: inTheWay,
    })
  }
  const missing = files.filter((file) => !present.includes(file))
  try {
    for (const { name, target } of missing) await writeOne(name, join(folder, target))
    const extended = await ignoreSecrets(join(folder, '.gitignore'))
    const targets = present.map(({ target }) => target)
    return {
      written: missing.map(({ target }) => target),
      kept: targets.filter((target) => !extended || target !== '.gitignore'),
      extended: extended ? ['.gitignore'] : [],
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PanalError('PANAL_FOLDER_UNWRITABLE', `${folder} cannot be written: ${reason}.`, {
      cause: error,
    })
  }
}

async function templateNames(): Promise<string[]> {
  const entries = await readdir(templateFolder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(templateFolder.length))
    .sort()
}

/** npm leaves `.gitignore` out of packages, so the template keeps it under another name. */
function targetName(name: string): string {
  return name === 'gitignore' ? '.gitignore' : forThisNode(name)
}

async function writeOne(name: string, path: string): Promise<void> {
  const text = await readFile(join(templateFolder, name), 'utf8')
  await mkdir(dirname(path), { recursive: true })
  // 'wx': a file that appeared since the look above is not overwritten either.
  await writeFile(path, forThisNode(text), { flag: 'wx' })
}

/** `.panal` holds the key of every password: it must not reach a repository. */
async function ignoreSecrets(gitignore: string): Promise<boolean> {
  const text = await readFile(gitignore, 'utf8')
  if (/^\/?\.panal\/?\s*$/m.test(text)) return false
  await appendFile(gitignore, `${text === '' || text.endsWith('\n') ? '' : '\n'}.panal/\n`)
  return true
}

/** The template has no type annotations, so only the names of its files change. */
function forThisNode(text: string): string {
  return process.features.typescript ? text : text.replaceAll(/\b(system|panal\.config)\.ts\b/g, '$1.mjs')
}
