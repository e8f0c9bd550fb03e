import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { PanalError } from '../model/index.ts'

export interface ScramOptions {
  /** Default: 16 random bytes, as the server takes. */
  readonly salt?: Uint8Array
  /** Default 4096, the server's own (`scram_iterations` on 16+). */
  readonly iterations?: number
}

const deriveKey = promisify(pbkdf2)

/**
 * The verifier of a password, `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey` (RFC 5803, RFC 7677),
 * for `ALTER ROLE … PASSWORD`: the server stores it as it is and never sees the password.
 *
 * A password outside printable ASCII is refused. SASLprep (RFC 4013) would have to normalise it just as
 * the server does, else the login fails later; Panal's secrets are derived and always ASCII.
 *
 * @throws PANAL_INTERNAL for an empty password, or one that is not printable ASCII
 */
export async function scramVerifier(
  password: string,
  { salt = randomBytes(16), iterations = 4_096 }: ScramOptions = {},
): Promise<string> {
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new PanalError(
      'PANAL_INTERNAL',
      'A password must be printable ASCII and not empty to derive its verifier.',
    )
  }
  // Off the main thread: 1 to 2 ms each, and there are thousands of tenants.
  const salted = await deriveKey(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`
}
