import { formatTarget, PanalError, type System, type Target } from '../../model/index.ts'
import { type Connection, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { Platform } from '../provision/index.ts'
import { runSeeds, type SeededFile } from '../seeds/index.ts'
import { targetLock } from '../state/index.ts'

/** Whoever waits for the seeds of another apply should be told for whom, in the end. */
const LOCK_TIMEOUT_MS = 300_000

/** The seed files that ran on one target. */
export interface SeedResult {
  readonly target: string
  readonly files: readonly SeededFile[]
}

/**
 * Runs the seeds of every target in focus, database by database; nothing is recorded, since seeds
 * bear being run again.
 *
 * @param scale how much to make, default 1
 * @throws PANAL_INTERRUPTED between two files, or while it waits for somebody else's run
 */
export async function seedPlatform(
  context: ControlContext,
  platform: Platform,
  scale = 1,
): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = []
  const systems = new Map(platform.selected.map((system) => [system.name, system]))
  for (const [database, targets] of Map.groupBy(platform.focus, (target) => target.database)) {
    await using connection = await context.databases.open(database)
    context.onProgress({ kind: 'begin', label: `seeds of ${database}`, total: targets.length })
    for (const [index, target] of targets.entries()) {
      const files = await seedTarget(context, connection, systems.get(target.system)!, target, scale)
      results.push({ target: formatTarget(target), files })
      context.onProgress({ kind: 'advance', done: index + 1, failed: 0 })
    }
  }
  return results
}

/**
 * Under the target's lock: of two runs at once neither sees the rows of the other, and what one inserts
 * unless it is there comes twice (23505).
 */
async function seedTarget(
  { signal }: ControlContext,
  connection: Connection,
  system: System,
  target: Target,
  scale: number,
): Promise<readonly SeededFile[]> {
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: `target ${formatTarget(target)}`, signal }
  try {
    return await withAdvisoryLock(connection, targetLock(target.schema), lock, () =>
      runSeeds(connection, system, target, { scale, signal }),
    )
  } catch (error) {
    if (!signal.aborted || error instanceof PanalError) throw error
    throw new PanalError(
      'PANAL_INTERRUPTED',
      'Interrupted between two seed files; what was finished stays.',
      {
        cause: error,
      },
    )
  }
}
