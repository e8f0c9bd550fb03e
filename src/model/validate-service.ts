import { nearest } from './nearest.ts'
import type { ProblemList } from './problem.ts'
import type { Access, Service, System } from './system.ts'
import { namedRoles } from './system-roles.ts'

const TABLE_PRIVILEGES = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'truncate',
  'references',
  'trigger',
])
const COLUMN_PRIVILEGES = new Set(['select', 'insert', 'update', 'references'])

/** Checks what a service says of others: reads, references, tables, grants. */
export function validateService(problems: ProblemList, system: System, service: Service): void {
  const path = `services.${service.name}`
  for (const kind of ['reads', 'references'] as const) {
    const seen = new Set<string>()
    service[kind].forEach((access, index) => {
      validateAccess(problems, system, service, `${path}.${kind}[${index}]`, access)
      if (seen.has(access.service))
        problems.add(`${path}.${kind}[${index}]`, `names "${access.service}" twice`)
      seen.add(access.service)
    })
  }
  for (const [table, privileges] of service.tables) {
    validatePrivileges(problems, `${path}.tables.${table}`, privileges, TABLE_PRIVILEGES)
  }
  validateGrants(problems, system, service)
}

function validateAccess(
  problems: ProblemList,
  system: System,
  service: Service,
  path: string,
  access: Access,
): void {
  const other = system.services.find((candidate) => candidate.name === access.service)
  if (other === undefined) {
    const names = system.services.map((candidate) => candidate.name)
    const suggestion = nearest(access.service, names)
    const hint = suggestion === undefined ? `known: ${names.join(', ')}` : `did you mean "${suggestion}"?`
    problems.add(path, `there is no service "${access.service}"; ${hint}`)
    return
  }
  if (other === service) problems.add(path, 'a service always reads itself')
  if (other.tenancy.kind === 'schema' && service.tenancy.kind !== 'schema') {
    problems.add(path, `"${other.name}" has a schema per tenant, so only a service that has too may read it`)
  }
}

function validatePrivileges(
  problems: ProblemList,
  path: string,
  privileges: readonly string[],
  known: ReadonlySet<string>,
): void {
  for (const privilege of privileges) {
    if (!known.has(privilege)) problems.add(path, `"${privilege}" is none of ${[...known].join(', ')}`)
  }
}

function validateGrants(problems: ProblemList, system: System, service: Service): void {
  const roles = namedRoles(system)
  service.grants.forEach((grant, index) => {
    const path = `services.${service.name}.grants[${index}]`
    if (!roles.includes(grant.to)) {
      const suggestion = nearest(grant.to, roles)
      const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
      problems.add(`${path}.to`, `"${grant.to}" is no role of this system${hint}`)
    }
    const known = grant.columns === undefined ? new Set([...TABLE_PRIVILEGES, 'usage']) : COLUMN_PRIVILEGES
    validatePrivileges(problems, `${path}.privileges`, grant.privileges, known)
    if (grant.privileges.length === 0) problems.add(`${path}.privileges`, 'names no privilege')
  })
}
