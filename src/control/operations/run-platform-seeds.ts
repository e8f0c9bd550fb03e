import { readPlatform, type SeedResult, type Selection, seedPlatform } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { provisionedPlatform } from './provisioned-platform.ts'
import { recordedRun } from './recorded-run.ts'

export interface SeedOptions {
  readonly selection?: Selection
  /** How much to make, as the setting `panal.scale` of the files. Default: 1. */
  readonly scale?: number
}

/** Runs the seeds of the chosen targets. @throws PANAL_NOT_PROVISIONED, PANAL_SEED_FAILED */
export async function runPlatformSeeds(
  context: ControlContext,
  { selection = {}, scale = 1 }: SeedOptions = {},
): Promise<readonly SeedResult[]> {
  await provisionedPlatform(context, selection)
  const platform = await readPlatform(context, selection)
  return await recordedRun(context, 'seed', { ...selection, scale }, async () => {
    const result = await seedPlatform(context, platform, scale)
    return { result, failed: false, interrupted: false, summary: { targets: result.length } }
  })
}
