import { MAX_IDENTIFIER_BYTES } from './identifier.ts'
import { hint } from './nearest.ts'
import type { ProblemList } from './problem.ts'
import type { Access, Service, System } from './system.ts'
import { namedRoles } from './system-roles.ts'

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
  for (const table of service.tables.keys()) validateTable(problems, `${path}.tables.${table}`, table)
  validateGrants(problems, system, service)
  validateReaders(problems, system, service)
}

/** Policies name roles, so a row-tenancy schema that no role reaches could have none. */
function validateReaders(problems: ProblemList, system: System, service: Service): void {
  if (service.tenancy.kind !== 'row' || service.tenancy.login !== null || service.grants.length > 0) return
  const isRead = system.services.some(
    ({ tenancy, reads }) =>
      (tenancy.kind === 'schema' || tenancy.login !== null) &&
      reads.some((access) => access.service === service.name),
  )
  if (isRead) return
  problems.add(
    `services.${service.name}.login`,
    'is false, and nobody else reads this schema or has a grant on it',
  )
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
    problems.add(path, `there is no service "${access.service}"; ${hint(access.service, names)}`)
    return
  }
  if (access.only?.length === 0) problems.add(path, 'names no table in `only`')
  for (const table of access.only ?? []) validateTable(problems, path, table)
  if (other === service) problems.add(path, 'a service always reads itself')
  if (other.tenancy.kind === 'schema' && service.tenancy.kind !== 'schema') {
    problems.add(path, `"${other.name}" has a schema per tenant, so only a service that has too may read it`)
  }
}

/** Tables come from migrations, so only what PostgreSQL itself could not have is refused. */
function validateTable(problems: ProblemList, path: string, table: string): void {
  const bytes = new TextEncoder().encode(table).length
  if (bytes === 0) problems.add(path, 'is empty')
  if (bytes > MAX_IDENTIFIER_BYTES) {
    problems.add(path, `"${table}" has ${bytes} bytes, PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}`)
  }
}

function validateGrants(problems: ProblemList, system: System, service: Service): void {
  const otherOwners = system.services.filter((other) => other !== service).map(({ owner }) => owner)
  const roles = [...namedRoles(system), ...otherOwners]
  service.grants.forEach((grant, index) => {
    const path = `services.${service.name}.grants[${index}]`
    if (!roles.includes(grant.to)) {
      problems.add(`${path}.to`, `"${grant.to}" is no role of this system; ${hint(grant.to, roles)}`)
    }
    validateTable(problems, `${path}.on`, grant.on)
    if (grant.privileges.length === 0) problems.add(`${path}.privileges`, 'names no privilege')
    if (grant.privileges.includes('execute') && new Set(grant.privileges).size > 1) {
      problems.add(`${path}.privileges`, '"execute" is for routines, which have no other privilege')
    }
    if (grant.columns === undefined) return
    if (grant.columns.length === 0) problems.add(`${path}.columns`, 'names no column')
    for (const column of grant.columns) validateTable(problems, `${path}.columns`, column)
    for (const privilege of grant.privileges.filter((name) => !COLUMN_PRIVILEGES.has(name))) {
      problems.add(`${path}.privileges`, `"${privilege}" cannot be granted on columns`)
    }
  })
}
