import { PanalError, type System, type Target } from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import { Approval, platformFrom, provisionPlatform } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { emptyPlan } from '../provision/index.ts'

export interface TargetsToProvision {
  readonly system: System
  /** Of tenants that the registry knows. */
  readonly targets: readonly Target[]
  readonly run: string
}

/**
 * Makes roles, schemas, rights and default privileges of these targets, where they are missing.
 *
 * @throws PANAL_CONFIRMATION_NEEDED when something of the system would have to be taken away on the way: that is
 *   for apply, which shows what, and asks
 * @throws PANAL_INTERRUPTED, PANAL_STEP_FAILED, PANAL_LOCK_TIMEOUT
 */
export async function provisionTargets(
  context: ControlContext,
  registry: Connection,
  { system, targets, run }: TargetsToProvision,
): Promise<void> {
  const all = await platformFrom(context.config, registry, { systems: [system.name] })
  const platform = { ...all, focus: targets, whole: false }
  const nothingTaken = Approval.of(emptyPlan)
  try {
    await provisionPlatform(context, registry, platform, { adopt: false, approval: nothingTaken, run })
  } catch (error) {
    if (!(error instanceof PanalError) || error.code !== 'PANAL_CONFIRMATION_NEEDED') throw error
    throw new PanalError('PANAL_CONFIRMATION_NEEDED', `System "${system.name}" has drifted from its model.`, {
      details: error.details,
      remedy: `Run panal apply --system ${system.name}, then this command again.`,
      cause: error,
    })
  }
}
