import { type Connection, lockKey, sql, takeTransactionLock } from '../../postgres/index.ts'
import { FORMAT_KEY, readRegistryFormat } from './read-registry-format.ts'
import { REGISTRY_FORMAT, registrySteps } from './registry-format.ts'

/** Creating the tables takes some 30 ms, so whoever waits this long waits for a session that hangs. */
const LOCK_TIMEOUT_MS = 30_000

/**
 * Makes the registry's tables, or brings them to the present format. Idempotent; of several at once
 * one does the work and the others wait. The caller acts as the control role, which then
 * owns everything; nothing is granted to anybody.
 *
 * @throws PANAL_REGISTRY_NEWER when a later Panal wrote it
 * @throws PANAL_LOCK_TIMEOUT when another session works on it for more than 30 s
 */
export async function ensureRegistry(connection: Connection): Promise<void> {
  if ((await readRegistryFormat(connection)) === REGISTRY_FORMAT) return
  await connection.transaction(async () => {
    await takeTransactionLock(connection, lockKey('panal', 'registry'), {
      timeoutMs: LOCK_TIMEOUT_MS,
      subject: 'the registry',
    })
    const format = (await readRegistryFormat(connection)) ?? 0
    if (format < REGISTRY_FORMAT) await upgrade(connection, format)
  })
}

async function upgrade(connection: Connection, format: number): Promise<void> {
  // Separately from the question whether it exists: IF NOT EXISTS asks for CREATE on the database all the same.
  const [schema] = await connection.query(sql /* SQL */`SELECT FROM pg_namespace WHERE nspname = 'panal'`)
  if (schema === undefined) await connection.query(sql /* SQL */`CREATE SCHEMA panal`)
  for (const step of registrySteps.slice(format)) {
    for (const statement of step) await connection.query(statement)
  }
  await connection.query(sql /* SQL */`
    INSERT INTO panal.registry_settings VALUES (${FORMAT_KEY}, ${`${REGISTRY_FORMAT}`})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
}
