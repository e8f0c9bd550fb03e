import { type Config, hasSchemaTenants, type System } from '../../model/index.ts'
import { type GlobalOptions, usageError } from '../framework/index.ts'

/**
 * The one system that a command is about: the one that `--system` names, else the only one that
 * fits. A name that does not exist is left to the operation, which suggests the nearest.
 *
 * @param fits which systems come into question
 * @param what the command is about, for the message: `has tenants`
 * @throws PANAL_USAGE where none or several fit
 */
function chooseSystem(
  config: Config,
  { system: named }: GlobalOptions,
  fits: (system: System) => boolean,
  what: string,
): string {
  const [name, another] = named
  if (name !== undefined && another === undefined) return name
  if (another !== undefined) throw usageError('This command is about one system.', 'Give --system once.')
  const [only, ...others] = config.systems.filter(fits)
  if (only === undefined) throw usageError(`No system ${what}.`, 'See panal status for what there is.')
  if (others.length === 0) return only.name
  const flags = [only, ...others].map((system) => `--system ${system.name}`)
  throw usageError(`Several systems could be meant: each ${what}.`, `Add ${flags.join(' or ')}.`)
}

/** The system whose tenants a command is about. @throws PANAL_USAGE where none or several fit */
export function systemWithTenants(config: Config, globals: GlobalOptions): string {
  return chooseSystem(
    config,
    globals,
    (system) => system.services.some(hasSchemaTenants),
    'has a service with a schema per tenant',
  )
}

/** The system that has a service. @throws PANAL_USAGE where none or several fit */
export function systemWithService(config: Config, globals: GlobalOptions, service: string): string {
  const has = (system: System) => system.services.some(({ name }) => name === service)
  return chooseSystem(config, globals, has, `has a service "${service}"`)
}

/** The system that declares a login beside its services. @throws PANAL_USAGE where none or several fit */
export function systemWithRole(config: Config, globals: GlobalOptions, role: string): string {
  const has = (system: System) => system.runtime === role || system.roles.some(({ name }) => name === role)
  return chooseSystem(config, globals, has, `declares a login "${role}"`)
}
