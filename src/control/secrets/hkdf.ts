import { hkdfSync } from 'node:crypto'

/** Separates Panal's keys from whatever else somebody derives from the same input (RFC 5869, section 3.1). */
const SALT = Buffer.from('panal/secrets/1')

/** HKDF-SHA256 as RFC 5869 has it: `length` bytes that tell nothing about the input or about each other. */
export function hkdf(input: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length))
}

/**
 * Derives `length` bytes for one purpose. The parts are joined as JSON, so that no two lists of parts
 * give the same bytes: `['a', 'b']` and `['ab']` stay apart.
 */
export function deriveBytes(masterKey: Buffer, parts: readonly (string | number)[], length: number): Buffer {
  return hkdf(masterKey, SALT, Buffer.from(JSON.stringify(parts)), length)
}
