import { PanalError, type Target } from '../../model/index.ts'
import { platformFrom, type Selection } from '../apply/index.ts'
import type { ControlContext } from '../context/index.ts'
import { readSystemMigrations, type SystemMigrations } from '../migrate/index.ts'
import { listTargetRecords, requireRegistry } from '../state/index.ts'

/** What an operation on provisioned targets works with. */
export interface ProvisionedPlatform {
  readonly migrations: readonly SystemMigrations[]
  /** Those chosen. */
  readonly targets: readonly Target[]
  /** Every target of the same systems, since a file may require one of another service. */
  readonly known: readonly Target[]
}

/**
 * The chosen targets, all of which the registry knows: a target that was never provisioned has no
 * schema to work on.
 *
 * @throws PANAL_NOT_PROVISIONED naming what apply has to make first
 */
export async function provisionedPlatform(
  context: ControlContext,
  selection: Selection,
): Promise<ProvisionedPlatform> {
  await using registry = await requireRegistry(context)
  const platform = await platformFrom(context.config, registry, selection)
  const systems = platform.selected.map((system) => system.name)
  const recorded = new Set((await listTargetRecords(registry, systems)).map(keyOf))
  const missing = platform.focus.filter((target) => !recorded.has(keyOf(target)))
  if (missing.length > 0) {
    const names = missing.slice(0, 5).map((target) => `${target.database}.${target.schema}`)
    throw new PanalError(
      'PANAL_NOT_PROVISIONED',
      `Not provisioned yet: ${names.join(', ')}${missing.length > 5 ? ', …' : ''}.`,
    )
  }
  return {
    migrations: platform.selected.map(readSystemMigrations),
    targets: platform.focus,
    known: platform.targets.filter((target) => systems.includes(target.system)),
  }
}

const keyOf = ({ system, service, tenant }: Pick<Target, 'system' | 'service' | 'tenant'>): string =>
  `${system}/${service}/${tenant ?? ''}`
