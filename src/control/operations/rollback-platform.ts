import type { Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type MigrateResult, type RollbackOptions, rollback } from '../migrate/index.ts'
import { provisionedPlatform } from './provisioned-platform.ts'
import { type Recorded, recordedRun } from './recorded-run.ts'

export interface RollbackPlatformOptions extends Pick<RollbackOptions, 'back' | 'cascade'> {
  readonly selection?: Selection
}

/**
 * Runs down parts on the chosen targets, newest first.
 * @throws PANAL_NOT_PROVISIONED, and what `rollback` throws before anything is taken back
 */
export async function rollbackPlatform(
  context: ControlContext,
  { selection = {}, ...options }: RollbackPlatformOptions,
): Promise<MigrateResult> {
  const platform = await provisionedPlatform(context, selection)
  return await recordedRun(context, 'rollback', { ...selection, ...options }, async (run) =>
    summarized(await rollback(context, { ...platform, ...options, run })),
  )
}

function summarized(result: MigrateResult): Recorded<MigrateResult> {
  const { failed, interrupted, targets, migrated, upToDate, files } = result
  const summary = { targets, migrated, upToDate, files, failed }
  return { result, failed: failed.length > 0, interrupted, summary }
}
