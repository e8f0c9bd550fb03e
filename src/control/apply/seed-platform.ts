import { formatTarget } from '../../model/index.ts'
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
      const files = await runSeeds(connection, systems.get(target.system)!, target, {
        scale,
        signal: context.signal,
      })
      results.push({ target: formatTarget(target), files })
      context.onProgress({ kind: 'advance', done: index + 1, failed: 0 })
    }
  }
  return results
}
