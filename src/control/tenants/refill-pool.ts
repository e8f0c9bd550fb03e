import { PanalError } from '../../model/index.ts'
import { type Connection, lockKey, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { SystemMigrations } from '../migrate/index.ts'
import { registerSpares, unfinishedSpares } from '../pool/index.ts'
import { provisionTenants } from './provision-tenants.ts'

/**
 * Makes the spares that the pool of a system lacks, and finishes those that an earlier call began. One call at a
 * time does it, since a spare that two make may be a tenant's before the second is done; the others
 * leave it to that one. A pool that cannot be filled stands in nobody's way: the next tenants are made the
 * slow way, which says what is wrong.
 */
export async function refillPool(
  context: ControlContext,
  registry: Connection,
  migrations: SystemMigrations,
  run: string,
): Promise<void> {
  const { name } = migrations.system
  if (context.signal.aborted) return
  try {
    const lock = { timeoutMs: 0, subject: `the pool of ${name}` }
    await withAdvisoryLock(registry, lockKey('panal', 'pool', name), lock, () =>
      fillUp(context, registry, migrations, run),
    )
  } catch (error) {
    if (!(error instanceof PanalError) || registry.lost) throw error
    if (error.code === 'PANAL_LOCK_TIMEOUT') return
    context.onProgress({ kind: 'note', line: `The pool of ${name} is not full: ${error.message}` })
  }
}

/** Until nothing is missing: meanwhile others may have taken what was there. */
async function fillUp(
  context: ControlContext,
  registry: Connection,
  migrations: SystemMigrations,
  run: string,
): Promise<void> {
  const { system } = migrations
  for (;;) {
    await registerSpares(registry, context.config, [system])
    const slugs = await unfinishedSpares(registry, system)
    if (slugs.length === 0) return
    const { failed, interrupted } = await provisionTenants(context, registry, {
      system,
      migrations,
      slugs,
      seed: false,
      run,
    })
    if (interrupted || failed.length > 0) return
  }
}
