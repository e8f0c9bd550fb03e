import type { Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { type MigrateResult, migrate } from '../migrate/index.ts'
import { provisionedPlatform } from './provisioned-platform.ts'
import { recordedRun } from './recorded-run.ts'

export interface MigratePlatformOptions {
  readonly selection?: Selection
  /** The last version to apply. Default: all. */
  readonly to?: string
  /** Applies versions below the head too. Default: false. */
  readonly outOfOrder?: boolean
  /** The longest wait of one statement for one lock, in milliseconds. Default: 5,000. */
  readonly lockTimeoutMs?: number
}

/**
 * Applies what is pending to every chosen target, one after the other; a failing target does not
 * stop the others.
 *
 * @throws PANAL_NOT_PROVISIONED, and what `migrate` throws before anything is applied
 */
export async function migratePlatform(
  context: ControlContext,
  { selection = {}, lockTimeoutMs, ...options }: MigratePlatformOptions = {},
): Promise<MigrateResult> {
  const platform = await provisionedPlatform(context, selection)
  const limits = lockTimeoutMs === undefined ? {} : { lockTimeoutMs }
  return await recordedRun(context, 'migrate', { ...selection, ...options, ...limits }, async (run) =>
    summarized(await migrate(context, { ...platform, ...options, limits, run })),
  )
}

export function summarized(result: MigrateResult): {
  result: MigrateResult
  failed: boolean
  interrupted: boolean
  summary: Record<string, unknown>
} {
  const { failed, interrupted, targets, migrated, upToDate, files } = result
  return {
    result,
    failed: failed.length > 0,
    interrupted,
    summary: { targets, migrated, upToDate, files, failed },
  }
}
