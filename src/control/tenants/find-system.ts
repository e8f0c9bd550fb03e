import {
  type Config,
  hasSchemaTenants,
  nearest,
  PanalError,
  type Service,
  type System,
} from '../../model/index.ts'

/** @throws PANAL_SYSTEM_UNKNOWN suggesting the nearest name */
export function findSystem(config: Config, name: string): System {
  const found = config.systems.find((system) => system.name === name)
  if (found !== undefined) return found
  throw unknown(`There is no system "${name}".`, name, config.systems)
}

/** @throws PANAL_SYSTEM_UNKNOWN suggesting the nearest name */
export function findService(system: System, name: string): Service {
  const found = system.services.find((service) => service.name === name)
  if (found !== undefined) return found
  throw unknown(`System "${system.name}" has no service "${name}".`, name, system.services)
}

/**
 * The services that keep a schema for every tenant.
 * @throws PANAL_TENANT_UNSUPPORTED when there are none
 */
export function tenantServices(system: System): readonly Service[] {
  const services = system.services.filter(hasSchemaTenants)
  if (services.length > 0) return services
  throw new PanalError('PANAL_TENANT_UNSUPPORTED', `System "${system.name}" keeps no schema per tenant.`)
}

function unknown(
  message: string,
  name: string,
  candidates: readonly { readonly name: string }[],
): PanalError {
  const names = candidates.map((candidate) => candidate.name)
  const suggestion = nearest(name, names)
  const remedy = suggestion === undefined ? `Known: ${names.join(', ')}.` : `Did you mean "${suggestion}"?`
  return new PanalError('PANAL_SYSTEM_UNKNOWN', message, { remedy })
}
