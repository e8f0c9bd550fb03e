import { type BenchReport, bar, median } from '../support/report.ts'
import type { BenchFleetSystem } from './bench-fleet-system.ts'
import { migrationOf } from './contender.ts'
import { latencyProxy } from './latency-proxy.ts'
import { formatPace, type PaceSettings } from './panal-contender.ts'

const ROUND_TRIP_MS = 50
const ROUNDS = 3
/** What somebody who knows the distance would try. */
const FIXED: readonly PaceSettings[] = [
  { concurrency: 4, batch: 32 },
  { concurrency: 8, batch: 8 },
  { concurrency: 8, batch: 16 },
  { concurrency: 8, batch: 32 },
  { concurrency: 12, batch: 16 },
  { concurrency: 12, batch: 32 },
]

/**
 * What the engine finds for itself behind a slow line, against the best settings for that line: from the
 * first target to the last. What comes before is round trips, whatever the settings.
 */
export async function measureLatency(
  fleet: BenchFleetSystem,
): Promise<Pick<BenchReport, 'results' | 'bars'>> {
  await using proxy = await latencyProxy(fleet.context.databases.defaultUrl, ROUND_TRIP_MS)
  const settings: readonly PaceSettings[] = [{}, ...FIXED]
  const rates = settings.map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, pace] of settings.entries()) {
      await fleet.write(migrationOf(`far_${index}_in_${round}`))
      const { waves } = await fleet.migrate(pace, proxy.url)
      const seconds = waves.reduce((sum, wave) => sum + wave.seconds, 0)
      if (round > 0) rates[index]?.push(fleet.schemas.length / seconds)
    }
  }
  const [adaptive = 0, ...fixed] = rates.map(median)
  return {
    results: settings.map((pace, index) => ({
      name: `${ROUND_TRIP_MS} ms away: panal, ${formatPace(pace)}`,
      perSecond: median(rates[index] ?? []),
      runs: rates[index] ?? [],
    })),
    bars: [
      bar(
        `${ROUND_TRIP_MS} ms away: panal that adapts / its best fixed settings`,
        adaptive / Math.max(...fixed),
        {
          atLeast: 0.9,
        },
      ),
    ],
  }
}
