import type { Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type BaselinedTarget, baseline } from '../migrate/index.ts'
import { provisionedPlatform } from './provisioned-platform.ts'
import { recordedRun } from './recorded-run.ts'

/**
 * Records every version up to `to` as applied on the chosen targets, and runs nothing: how a schema
 * that was made without Panal comes under its migrations.
 *
 * @throws PANAL_NOT_PROVISIONED, PANAL_BASELINE_REFUSED, PANAL_MIGRATION_VERSION_UNKNOWN
 */
export async function baselinePlatform(
  context: ControlContext,
  { selection = {}, to }: { readonly selection?: Selection; readonly to: string },
): Promise<readonly BaselinedTarget[]> {
  const { migrations, targets } = await provisionedPlatform(context, selection)
  return await recordedRun(context, 'baseline', { ...selection, to }, async (run) => {
    const result = await baseline(context, { migrations, targets, to, run })
    return { result, failed: false, interrupted: false, summary: { targets: result.length } }
  })
}
