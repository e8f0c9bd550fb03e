import { PanalError } from '../../model/index.ts'

/** Nothing of this means anything to a shell, to dotenv or to Docker, so it may stand without quotes. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=?~-]*$/

/**
 * Variables as the lines of an `.env` that shells (`source`) and the dotenv libraries of Node, Python and
 * Ruby read alike. A value stands bare where it can, since `docker --env-file` takes quotes for a
 * part of the value; otherwise in single quotes, within which nobody expands anything.
 *
 * @throws PANAL_TENANT_METADATA for a value with a line break, which these readers disagree on, or with both
 *   a single quote and one of " $ ` \ (within double quotes each reader unescapes those differently)
 */
export function formatEnvironmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join('')
}

function quote(name: string, value: string): string {
  if (PLAIN.test(value)) return value
  if (/\p{Cc}/u.test(value)) throw unwritable(name, 'holds a line break or another control character')
  if (!value.includes("'")) return `'${value}'`
  if (!/["$`\\]/.test(value)) return `"${value}"`
  throw unwritable(name, 'mixes single quotes with one of " $ ` \\')
}

function unwritable(name: string, reason: string): PanalError {
  return new PanalError(
    'PANAL_TENANT_METADATA',
    `${name} cannot be written into an .env: its value ${reason}.`,
  )
}
