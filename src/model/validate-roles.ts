import { identifierProblem } from './identifier.ts'
import { hint } from './nearest.ts'
import type { ProblemList } from './problem.ts'
import { CONTROL_ROLE, connectRole, creatorRole, tenantsRole } from './role-names.ts'
import type { System } from './system.ts'
import { namedRoles } from './system-roles.ts'
import { nameFor, TRIAL_SLUGS } from './tenancy.ts'

/** Checks the roles of one system: each name is one role, and no role is a member of itself. */
export function validateRoles(problems: ProblemList, system: System): void {
  validateUniqueNames(problems, system)
  const known = namedRoles(system)
  for (const role of system.roles) {
    const path = `roles.${role.name}`
    problems.addUnlessFine(path, identifierProblem(role.name))
    role.members.forEach((member, index) => {
      const at = `${path}.members[${index}]`
      if (member === role.name) problems.add(at, 'a role cannot be its own member')
      else if (!known.includes(member)) {
        problems.add(at, `"${member}" is no role of this system; ${hint(member, known)}`)
      }
    })
  }
  validateCircles(problems, system)
}

/** What is declared must not fall on what Panal derives: the login would own the schema, or create roles. */
function validateUniqueNames(problems: ProblemList, system: System): void {
  const users = derivedRoles(system)
  const creators = creatorRole(system.name, 0).slice(0, -1)
  const take = (path: string, name: string, what: string): void => {
    const other = users.get(name)
    if (other !== undefined) problems.add(path, `"${name}" is already ${other}`)
    else if (name.startsWith(creators)) problems.add(path, `"${name}" is a name of Panal's creator roles`)
    else users.set(name, what)
  }
  for (const { name, tenancy } of system.services) {
    if (tenancy.kind === 'schema') {
      const trial = nameFor(tenancy.login, TRIAL_SLUGS[0])
      if (trial !== undefined)
        take(`services.${name}.tenancy.login`, trial, `a tenant's login of service "${name}"`)
      continue
    }
    if (tenancy.login === null) continue
    take(`services.${name}.login`, tenancy.login, `the login of service "${name}"`)
  }
  for (const { name } of system.roles) take(`roles.${name}`, name, `a role of "roles"`)
}

function derivedRoles(system: System): Map<string, string> {
  const roles = new Map([
    [CONTROL_ROLE, "Panal's control role"],
    [connectRole(system.name), 'the group through which logins connect'],
  ])
  if (system.runtime !== null) roles.set(system.runtime, 'the pooled login of `runtime`')
  for (const service of system.services) {
    roles.set(service.owner, `the owner role of service "${service.name}"`)
    if (service.tenancy.kind !== 'schema') continue
    roles.set(tenantsRole(system.name, service.name), `the group of the tenants of "${service.name}"`)
  }
  return roles
}

/** PostgreSQL refuses a membership that would close a circle; which one depends on the order. */
function validateCircles(problems: ProblemList, system: System): void {
  const members = new Map(system.roles.map((role) => [role.name, role.members]))
  const finished = new Set<string>()
  const visit = (role: string, path: readonly string[]): void => {
    const at = path.indexOf(role)
    // A circle of one has been named already.
    if (at !== -1 && path.length - at > 1) {
      problems.add(`roles.${role}.members`, `leads in a circle: ${[...path.slice(at), role].join(' ← ')}`)
    }
    if (at !== -1 || finished.has(role)) return
    for (const member of members.get(role) ?? []) visit(member, [...path, role])
    finished.add(role)
  }
  for (const role of members.keys()) visit(role, [])
}
