import { formatTarget, PanalError, type System, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { Platform } from '../provision/index.ts'
import { runSeeds, type SeededFile } from '../seeds/index.ts'

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

/** A signal ends the seeds by its own reason; a person is told what became of the work. */
async function seedTarget(
  { signal }: ControlContext,
  connection: Connection,
  system: System,
  target: Target,
  scale: number,
): Promise<readonly SeededFile[]> {
  try {
    return await runSeeds(connection, system, target, { scale, signal })
  } catch (error) {
    if (!signal.aborted || error instanceof PanalError) throw error
    const message = 'Interrupted between two seed files; what was finished stays.'
    throw new PanalError('PANAL_INTERRUPTED', message, { cause: error })
  }
}
