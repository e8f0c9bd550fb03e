import { type Config, placementOf } from './config.ts'
import type { ProblemList } from './problem.ts'
import { CONTROL_ROLE } from './role-names.ts'
import { type Service, type System, serviceOf, type Tenancy } from './system.ts'
import { reservedRoles } from './system-roles.ts'
import { nameFor, TRIAL_SLUGS } from './tenancy.ts'

/** Checks what only all systems together can get wrong: names per server, schemas per database, reads across databases. */
export function validatePlatform(problems: ProblemList, config: Config): void {
  validateSystemNames(problems, config)
  validateRoleNames(problems, config)
  validateSchemasPerDatabase(problems, config)
  for (const system of config.systems) {
    for (const service of system.services) validateReadsStayInDatabase(problems, config, system, service)
  }
}

function validateSystemNames(problems: ProblemList, config: Config): void {
  const files = new Map<string, string>()
  for (const system of config.systems) {
    const other = files.get(system.name)
    if (other !== undefined)
      problems.add(system.file, `system "${system.name}" is also described by ${other}`)
    files.set(system.name, system.file)
  }
}

/** Roles are cluster-wide: one name, one system. */
function validateRoleNames(problems: ProblemList, config: Config): void {
  const users = new Map<string, string>([[CONTROL_ROLE, 'Panal itself']])
  for (const system of config.systems) {
    for (const role of new Set([...reservedRoles(system), ...trialLogins(system)])) {
      const other = users.get(role)
      if (other !== undefined) problems.add(`${system.name}: role ${role}`, `is already a role of ${other}`)
      users.set(role, `system "${system.name}"`)
    }
  }
}

/** Two systems whose tenants' logins are named alike would meet at the first slug that both have. */
function trialLogins({ services }: System): string[] {
  return services.flatMap(({ tenancy }) => {
    const login = tenancy.kind === 'schema' ? nameFor(tenancy.login, TRIAL_SLUGS[0]) : undefined
    return login === undefined ? [] : [login]
  })
}

/** Two systems, or two services with a schema per tenant, may share a database, but no schema of it. */
function validateSchemasPerDatabase(problems: ProblemList, config: Config): void {
  const users = new Map<string, { system: string; service: string }>()
  for (const system of config.systems) {
    for (const { name: service, tenancy } of system.services) {
      const place = schemaPlace(config, system, service, tenancy)
      if (place === undefined) continue
      const other = users.get(place)
      // Fixed schemas of one system are compared, wherever they live, when its description is read.
      if (other !== undefined && (other.system !== system.name || tenancy.kind === 'schema')) {
        problems.add(
          `${system.name}: services.${service}.${tenancy.kind === 'schema' ? 'tenancy.schema' : 'schema'}`,
          `${place} is a schema of service "${other.service}" of system "${other.system}"`,
        )
      }
      users.set(place, { system: system.name, service })
    }
  }
}

/** `database.schema`, of a trial tenant where every tenant has its own; undefined where no trial can tell. */
function schemaPlace(config: Config, system: System, service: string, tenancy: Tenancy): string | undefined {
  if (tenancy.kind !== 'schema') return `${placementOf(config, system, service, null)}.${tenancy.schema}`
  const [slug] = TRIAL_SLUGS
  const schema = nameFor(tenancy.schema, slug)
  const database = nameFor((tenant) => placementOf(config, system, service, tenant), slug)
  return schema === undefined || database === undefined ? undefined : `${database}.${schema}`
}

/** PostgreSQL grants nothing across databases, so what reads must live where it is read. */
function validateReadsStayInDatabase(
  problems: ProblemList,
  config: Config,
  system: System,
  service: Service,
): void {
  const own = placementOf(config, system, service.name, null)
  for (const kind of ['reads', 'references'] as const) {
    for (const access of service[kind]) {
      const there = placementOf(config, system, serviceOf(system, access.service).name, null)
      if (there === own) continue
      problems.add(
        `${system.name}: services.${service.name}.${kind}`,
        `"${access.service}" lives in database "${there}", "${service.name}" in "${own}"; ${kind} need one database`,
      )
    }
  }
}
