import { PanalError } from '../../model/index.ts'
import { type Connection, sql } from '../../postgres/index.ts'
import { keyFingerprint, type SecretProvider } from '../secrets/index.ts'

const FINGERPRINT_KEY = 'master-key-fingerprint'

/**
 * The master key, once it is certain that this registry's passwords are derived from it. The first key that
 * a registry sees becomes its own; of two machines at once, one wins and the other is refused.
 *
 * @throws PANAL_MASTER_KEY_MISMATCH when the registry belongs to another key
 * @throws PANAL_MASTER_KEY_INVALID
 */
export async function masterKeyOf(connection: Connection, secrets: SecretProvider): Promise<Buffer> {
  const key = await secrets.masterKey()
  const fingerprint = keyFingerprint(key)
  const recorded = (await readFingerprint(connection)) ?? (await claim(connection, fingerprint))
  if (recorded === fingerprint) return key
  throw new PanalError(
    'PANAL_MASTER_KEY_MISMATCH',
    `The master key in ${secrets.origin} has the fingerprint ${fingerprint}; the passwords of this registry come from ${recorded}.`,
    {
      remedy:
        `Put the key of the machine that provisioned in the place of ${secrets.origin}, ` +
        'or give it in PANAL_MASTER_KEY. Without that key every password must be set anew.',
    },
  )
}

async function readFingerprint(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.query<{ value: string }>(
    sql /* SQL */`SELECT value FROM panal.registry_settings WHERE key = ${FINGERPRINT_KEY}`,
  )
  return row?.value
}

/** Records the fingerprint unless another key was faster, and says whose stands. */
async function claim(connection: Connection, fingerprint: string): Promise<string | undefined> {
  await connection.query(sql /* SQL */`
    INSERT INTO panal.registry_settings VALUES (${FINGERPRINT_KEY}, ${fingerprint}) ON CONFLICT DO NOTHING`)
  return await readFingerprint(connection)
}
