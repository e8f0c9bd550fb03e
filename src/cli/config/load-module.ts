import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type ErrorCode, PanalError, type Place } from '../../model/index.ts'
import { excerpt } from '../../postgres/index.ts'
import { isTypeScript } from './find-config.ts'
import { placeOfLoadError } from './load-error-place.ts'
import { registerPanal } from './register-panal.ts'

/**
 * Imports a file that a person wrote and gives its default export.
 *
 * @param code of the error for whatever is wrong with the file
 * @param shape how its default export is written, for the message where it has none
 * @throws PANAL_CONFIG_INVALID or PANAL_MODEL_INVALID, as `code` says, with file and line
 */
export async function loadModule(
  file: string,
  code: 'PANAL_CONFIG_INVALID' | 'PANAL_MODEL_INVALID',
  shape: string,
): Promise<unknown> {
  if (isTypeScript(file) && !process.features.typescript) throw noTypeScript(file, code)
  const { href } = pathToFileURL(file)
  registerPanal(href)
  let loaded: { readonly default?: unknown }
  try {
    loaded = await import(href)
  } catch (error) {
    throw loadError(error, file, code)
  }
  if (loaded.default !== undefined) return loaded.default
  throw new PanalError(code, `${file} has no default export.`, {
    place: { file },
    remedy: `Write: export default ${shape}`,
  })
}

function loadError(thrown: unknown, file: string, code: ErrorCode): PanalError {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown))
  const place = placeOfLoadError(thrown, file)
  return new PanalError(code, `${name}: ${message}`, {
    place,
    cause: thrown,
    details: excerptAt(place, message),
    remedy: 'Mend the file: Node cannot run it as it is.',
  })
}

/** The lines around the place, drawn as for a mistake in SQL. */
function excerptAt({ file, line, column }: Place, message: string): string[] {
  if (line === undefined || column === undefined) return []
  try {
    return excerpt(readFileSync(file, 'utf8'), { line, column }, message)
  } catch {
    // The file is known to the person; showing a part of it is a courtesy that must not hide the error.
    return []
  }
}

function noTypeScript(file: string, code: ErrorCode): PanalError {
  return new PanalError(code, `${file} is TypeScript, which Node ${process.versions.node} cannot run.`, {
    place: { file },
    remedy: `Use Node 22.18 or later, or write it as ${file.replace(/\.[cm]?ts$/, '.mjs')}.`,
  })
}
