import { type Config, placementOf } from './config.ts'
import type { ProblemList } from './problem.ts'
import { CONTROL_ROLE } from './role-names.ts'
import { type Service, type System, serviceOf } from './system.ts'
import { reservedRoles } from './system-roles.ts'

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
    for (const role of new Set(reservedRoles(system))) {
      const other = users.get(role)
      if (other !== undefined) problems.add(`${system.name}: role ${role}`, `is already a role of ${other}`)
      users.set(role, `system "${system.name}"`)
    }
  }
}

/** Two systems may share a database, but no schema of it. */
function validateSchemasPerDatabase(problems: ProblemList, config: Config): void {
  const users = new Map<string, string>()
  for (const system of config.systems) {
    for (const service of system.services) {
      if (service.tenancy.kind === 'schema') continue
      const place = `${placementOf(config, system, service.name, null)}.${service.tenancy.schema}`
      const other = users.get(place)
      if (other !== undefined && other !== system.name) {
        problems.add(
          `${system.name}: services.${service.name}.schema`,
          `${place} is a schema of system "${other}"`,
        )
      }
      users.set(place, system.name)
    }
  }
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
