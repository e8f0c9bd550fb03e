import { PanalError } from '../../model/index.ts'

const LEAST_BYTES = 32
const HEX_DIGITS = /^[0-9a-f]+$/i
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * Reads a master key of at least 32 bytes written in hexadecimal, base64 or base64url. A text of nothing but
 * hexadecimal digits is never taken for base64: a hexadecimal key cut short would pass as another key.
 * (That 32 random bytes in base64 look so has a chance of less than 1 in 10^19.)
 *
 * The message never quotes the text, which may be a key with one digit too few.
 *
 * @param origin where the text stands, for the message
 * @throws PANAL_MASTER_KEY_INVALID
 */
export function parseMasterKey(text: string, origin: string): Buffer {
  const trimmed = text.trim()
  const key = HEX_DIGITS.test(trimmed) ? decodeHex(trimmed) : decodeBase64(trimmed)
  if (key === undefined) {
    throw new PanalError(
      'PANAL_MASTER_KEY_INVALID',
      `The master key in ${origin} is neither hexadecimal nor base64.`,
    )
  }
  if (key.length < LEAST_BYTES) {
    const message = `The master key in ${origin} has ${key.length} bytes; it needs at least ${LEAST_BYTES}.`
    throw new PanalError('PANAL_MASTER_KEY_INVALID', message)
  }
  return key
}

/** Node's decoder stops at half a byte. */
function decodeHex(text: string): Buffer | undefined {
  return text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined
}

/** Node's decoder skips what it does not know, so that a mistyped key would silently become another one. */
function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  const canonical = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  return key.toString('base64').replace(/=+$/, '') === canonical ? key : undefined
}
