import {
  type Config,
  hasSchemaTenants,
  identifierProblem,
  placementOf,
  reservedRoles,
  type System,
  serviceOf,
  slugProblem,
  type Target,
} from '../../model/index.ts'
import { isSpare } from '../pool/index.ts'
import { tenantTargets } from './tenant-targets.ts'

/**
 * Why a slug cannot name a new tenant of the system, or nothing when it can: its form (BOT-D06), and that its
 * schemas and logins are names of their own. What other tenants have taken only the registry knows.
 */
export function newSlugProblem(config: Config, system: System, slug: string): string | undefined {
  const malformed = slugProblem(slug)
  if (malformed !== undefined) return malformed
  if (isSpare(slug)) return `"${slug}" is a name of the pool's`
  const targets = tenantTargets(config, system, slug)
  for (const target of targets) {
    const problem = nameProblem(config, target)
    if (problem !== undefined) return `"${slug}" ${problem}`
  }
  const apart = placementProblem(config, system, slug)
  if (apart !== undefined) return apart
  const places = targets.map(({ database, schema }) => `${database}.${schema}`)
  if (new Set(places).size < places.length) return `"${slug}" gives two services one schema`
  return undefined
}

function nameProblem(config: Config, { schema, login, database }: Target): string | undefined {
  const malformed = identifierProblem(schema) ?? (login === null ? undefined : identifierProblem(login))
  if (malformed !== undefined) return `leads to a bad name: ${malformed}`
  const roleOf = config.systems.find((system) => login !== null && reservedRoles(system).includes(login))
  if (roleOf !== undefined) return `leads to the login ${login}, a role of system "${roleOf.name}"`
  const schemaOf = config.systems.find((system) =>
    system.services.some(
      ({ tenancy, name }) =>
        tenancy.kind !== 'schema' &&
        tenancy.schema === schema &&
        placementOf(config, system, name, null) === database,
    ),
  )
  return schemaOf && `leads to the schema ${schema}, which a service of system "${schemaOf.name}" has`
}

/** A placement by slug may send apart what reads each other, and PostgreSQL grants nothing across databases. */
function placementProblem(config: Config, system: System, slug: string): string | undefined {
  for (const service of system.services.filter(hasSchemaTenants)) {
    const own = placementOf(config, system, service.name, slug)
    for (const { service: name } of [...service.reads, ...service.references]) {
      const tenant = hasSchemaTenants(serviceOf(system, name)) ? slug : null
      const there = placementOf(config, system, name, tenant)
      if (there === own) continue
      return `"${slug}" puts ${service.name} into database ${own}, away from ${name} in ${there}, which it reads`
    }
  }
  return undefined
}
