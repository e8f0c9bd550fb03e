import { pathToFileURL } from 'node:url'
import { type ErrorCode, PanalError } from '../../model/index.ts'
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
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    throw new PanalError(code, `${name}: ${message}`, {
      place: placeOfLoadError(error, file),
      cause: error,
      remedy: 'Mend the file; Node could not run it.',
    })
  }
  if (loaded.default !== undefined) return loaded.default
  throw new PanalError(code, `${file} has no default export.`, {
    place: { file },
    remedy: `Write: export default ${shape}`,
  })
}

function noTypeScript(file: string, code: ErrorCode): PanalError {
  return new PanalError(code, `${file} is TypeScript, which Node ${process.versions.node} cannot run.`, {
    place: { file },
    remedy: `Use Node 22.18 or later, or write it as ${file.replace(/\.[cm]?ts$/, '.mjs')}.`,
  })
}
