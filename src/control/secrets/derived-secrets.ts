import { deriveBytes } from './hkdf.ts'

/** 192 bits: 32 characters of base64url, without padding. */
const PASSWORD_BYTES = 24
const SECRET_KEY_BYTES = 32
const FINGERPRINT_BYTES = 16

/**
 * The password of a role: 32 characters of `A-Z a-z 0-9 - _`, so that it needs no escaping in a URL,
 * a shell or an `.env` (BOT-D08). The same key, role and rotation always give the same password.
 *
 * @param rotation counts from 1
 */
export function derivePassword(masterKey: Buffer, role: string, rotation: number): string {
  return deriveBytes(masterKey, ['password', role, rotation], PASSWORD_BYTES).toString('base64url')
}

/**
 * The `SECRET_KEY` of a tenant's backend: 64 hexadecimal digits, the form of `openssl rand -hex 32` (BOT-03).
 *
 * @param rotation counts from 1
 */
export function deriveSecretKey(masterKey: Buffer, system: string, tenant: string, rotation: number): string {
  return deriveBytes(masterKey, ['secret-key', system, tenant, rotation], SECRET_KEY_BYTES).toString('hex')
}

/** Tells master keys apart without revealing them: 32 hexadecimal digits that may be stored and shown. */
export function keyFingerprint(masterKey: Buffer): string {
  return deriveBytes(masterKey, ['fingerprint'], FINGERPRINT_BYTES).toString('hex')
}
