import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PanalError } from '../../model/index.ts'
import { findConfig } from '../config/index.ts'

/** A clone keeps the systems beside src/, a package inside dist/. */
const inClone = import.meta.url.endsWith('.ts')
const upward = inClone ? '../../../' : '../../'

/** The folder of the systems that ship with Panal. */
export const shippedSystems = fileURLToPath(new URL(`${upward}systems/`, import.meta.url))

/**
 * The configuration of the demo: the clone's own; with a package the one that is found here, and
 * where there is none, a new one that names the shipped systems, so that every other command works
 * on the demo too.
 */
export function demoConfigFile(cwd: string, given: string | undefined): string {
  if (inClone) return fileURLToPath(new URL(`${upward}panal.config.ts`, import.meta.url))
  try {
    return findConfig(cwd, given)
  } catch (error) {
    if (!(error instanceof PanalError) || given !== undefined) throw error
  }
  const file = join(cwd, 'panal.config.mjs')
  const pattern = JSON.stringify(join(shippedSystems, '*/system.js'))
  const text = `// Written by panal demo: the systems that ship with Panal.\nexport default { systems: [${pattern}] }\n`
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PanalError('PANAL_FOLDER_UNWRITABLE', `${cwd} cannot be written: ${reason}.`, { cause: error })
  }
  return file
}
