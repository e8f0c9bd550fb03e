import {
  type Config,
  formatTarget,
  nearest,
  PanalError,
  placementOf,
  type Service,
  type System,
  type Target,
  targetOf,
} from '../../model/index.ts'
import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { Platform } from '../provision/index.ts'
import { listTenantRecords, openRegistry, type TenantRecord } from '../state/index.ts'

/** What a command is about; left out: everything. */
export interface Selection {
  readonly systems?: readonly string[]
  readonly service?: string
  readonly tenant?: string
}

/**
 * What should stand: the model's services, and the tenants that the registry knows. On a server
 * where nothing was provisioned yet there are no tenants.
 *
 * @throws PANAL_SYSTEM_UNKNOWN, PANAL_TENANT_UNKNOWN for a selection that names nothing
 */
export async function readPlatform(context: ControlContext, selection: Selection = {}): Promise<Platform> {
  const registry = await openRegistry(context)
  try {
    return await platformFrom(context.config, registry, selection)
  } finally {
    await registry?.close()
  }
}

/** As {@link readPlatform}, from a registry that is open already, or from none. */
export async function platformFrom(
  config: Config,
  registry: Connection | null,
  selection: Selection = {},
): Promise<Platform> {
  const names = config.systems.map((system) => system.name)
  const tenants = registry === null ? [] : await listTenantRecords(registry, names)
  return buildPlatform(config, tenants, selection)
}

/**
 * The same platform with every tenant that is registered by now. Tenants are registered before their
 * roles and schemas are made, so whatever stands while this is read is either known to it or an orphan.
 * A spare that has become a tenant meanwhile is nobody's focus any more: it would be made anew, unregistered.
 */
export async function withLatestTargets(
  config: Config,
  registry: Connection,
  platform: Platform,
): Promise<Platform> {
  const { targets } = await platformFrom(config, registry)
  const standing = new Set(targets.map(formatTarget))
  const focus = platform.focus.filter((target) => standing.has(formatTarget(target)))
  return { ...platform, targets, focus }
}

export function buildPlatform(
  config: Config,
  tenants: readonly Pick<TenantRecord, 'system' | 'slug'>[],
  selection: Selection,
): Platform {
  const selected = selectSystems(config, selection)
  const slugs = Map.groupBy(tenants, (tenant) => tenant.system)
  const targets = config.systems.flatMap((system) =>
    targetsOf(
      config,
      system,
      (slugs.get(system.name) ?? []).map((tenant) => tenant.slug),
    ),
  )
  const systems = new Set(selected.map((system) => system.name))
  const focus = targets.filter(
    (target) =>
      systems.has(target.system) &&
      (selection.service === undefined || target.service === selection.service) &&
      (selection.tenant === undefined || target.tenant === selection.tenant),
  )
  if (selection.tenant !== undefined && focus.length === 0) {
    throw new PanalError('PANAL_TENANT_UNKNOWN', `No selected system has a tenant "${selection.tenant}".`)
  }
  const whole = selection.service === undefined && selection.tenant === undefined
  return { config, selected, targets, focus, whole }
}

/** Every target of a system: one for each service, one for each tenant where a service keeps schemas for them. */
export function targetsOf(config: Config, system: System, slugs: readonly string[]): readonly Target[] {
  const place = (service: Service, slug: string | null): Target =>
    targetOf(service, slug, placementOf(config, system, service.name, slug))
  return system.services.flatMap((service) =>
    service.tenancy.kind === 'schema' ? slugs.map((slug) => place(service, slug)) : [place(service, null)],
  )
}

function selectSystems(config: Config, selection: Selection): readonly System[] {
  const names = config.systems.map((system) => system.name)
  for (const name of selection.systems ?? []) {
    if (names.includes(name)) continue
    throw new PanalError('PANAL_SYSTEM_UNKNOWN', `There is no system "${name}".`, {
      remedy: knownNames(name, names),
    })
  }
  const selected = config.systems.filter((system) => selection.systems?.includes(system.name) ?? true)
  const { service } = selection
  if (service === undefined) return selected
  const having = selected.filter((system) => system.services.some((candidate) => candidate.name === service))
  if (having.length > 0) return having
  const services = selected.flatMap((system) => system.services.map((candidate) => candidate.name))
  throw new PanalError('PANAL_SYSTEM_UNKNOWN', `No selected system has a service "${service}".`, {
    remedy: knownNames(service, services),
  })
}

function knownNames(name: string, known: readonly string[]): string {
  const suggestion = nearest(name, known)
  return suggestion === undefined
    ? `Known: ${[...new Set(known)].join(', ')}.`
    : `Did you mean "${suggestion}"?`
}
