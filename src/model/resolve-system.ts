import type { AccessDefinition, RoleDefinition, ServiceDefinition, SystemDefinition } from './definition.ts'
import { identifierProblem, systemNameProblem } from './identifier.ts'
import { resolveLimits } from './limits.ts'
import { ProblemList, throwProblems } from './problem.ts'
import { connectRole, creatorRole, defaultLogin, ownerRole, runtimeRole } from './role-names.ts'
import type { Access, DeclaredRole, Extension, Service, System } from './system.ts'
import { namedRoles } from './system-roles.ts'
import { resolveTenancy } from './tenancy.ts'
import { rejectUnknownKeys } from './unknown-keys.ts'
import { validateService } from './validate-service.ts'

const SYSTEM_KEYS = ['name', 'database', 'extensions', 'services', 'roles', 'runtime']
const SERVICE_KEYS = [
  'schema',
  'login',
  'tenancy',
  'reads',
  'references',
  'tables',
  'grants',
  'definers',
  'limits',
  'migrations',
  'seeds',
]
/** A migration's schema may be none of these: they are the server's, Panal's or everybody's. */
const TAKEN_SCHEMAS = new Set(['public', 'panal', 'extensions', 'information_schema'])

/**
 * Fills in defaults and checks everything that one description can get wrong by itself.
 *
 * @param file the file it came from; its folder is where migrations and seeds are looked for
 * @throws PANAL_MODEL_INVALID naming every problem at once, each with its path
 */
export function resolveSystem(definition: SystemDefinition<string>, file: string): System {
  const problems = new ProblemList()
  if (typeof definition !== 'object' || definition === null || typeof definition.services !== 'object') {
    problems.add('(default export)', 'must be what defineSystem({ name, services }) returns')
    throwProblems('PANAL_MODEL_INVALID', file, problems.all)
  }
  rejectUnknownKeys(problems, '', definition, SYSTEM_KEYS)
  problems.addUnlessFine('name', systemNameProblem(definition.name))
  const name = String(definition.name)
  const directory = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'
  const services = Object.entries(definition.services).map(([key, service]) =>
    resolveService(problems, name, key, service, directory),
  )
  if (services.length === 0) problems.add('services', 'a system needs at least one service')
  const system: System = {
    name,
    file,
    database: definition.database ?? name.replaceAll('-', '_'),
    extensions: (definition.extensions ?? []).map(toExtension),
    services,
    roles: Object.entries(definition.roles ?? {}).map(([role, declared]) => toRole(role, declared)),
    runtime: definition.runtime === true ? runtimeRole(name) : null,
  }
  problems.addUnlessFine('database', identifierProblem(system.database))
  validateDerivedNames(problems, system)
  validateSchemas(problems, system)
  validateRoles(problems, system)
  for (const service of services) validateService(problems, system, service)
  throwProblems('PANAL_MODEL_INVALID', file, problems.all)
  return system
}

function resolveService(
  problems: ProblemList,
  system: string,
  name: string,
  definition: ServiceDefinition<string>,
  directory: string,
): Service {
  const path = `services.${name}`
  problems.addUnlessFine(path, identifierProblem(name))
  rejectUnknownKeys(problems, path, definition, SERVICE_KEYS)
  return {
    system,
    name,
    tenancy: resolveTenancy(problems, path, name, definition, defaultLogin(system, name)),
    owner: ownerRole(system, name),
    reads: (definition.reads ?? []).map(toAccess),
    references: (definition.references ?? []).map(toAccess),
    tables: new Map(Object.entries(definition.tables ?? {})),
    grants: definition.grants ?? [],
    definers: definition.definers ?? [],
    limits: resolveLimits(problems, `${path}.limits`, definition.limits),
    migrationsFolder: inFolder(directory, definition.migrations ?? `./${name}/migrations`),
    seedsFolder: inFolder(directory, definition.seeds ?? `./${name}/seeds`),
  }
}

function toAccess(access: AccessDefinition<string>): Access {
  return typeof access === 'string'
    ? { service: access, only: null }
    : { service: access.service, only: access.only }
}

function toExtension(name: string): Extension {
  return name.endsWith('?') ? { name: name.slice(0, -1), optional: true } : { name, optional: false }
}

function toRole(name: string, role: RoleDefinition): DeclaredRole {
  return { name, login: role.login ?? false, members: role.members ?? [] }
}

function inFolder(directory: string, path: string): string {
  return path.startsWith('/') ? path : `${directory}/${path.replace(/^\.\//, '')}`
}

/** Names that Panal derives can grow past 63 bytes although each part is fine. */
function validateDerivedNames(problems: ProblemList, system: System): void {
  for (const service of system.services) {
    problems.addUnlessFine(`services.${service.name}`, identifierProblem(service.owner))
  }
  problems.addUnlessFine('name', identifierProblem(connectRole(system.name)))
  problems.addUnlessFine('name', identifierProblem(creatorRole(system.name, 9999)))
  for (const extension of system.extensions) {
    // Extension names may carry hyphens (uuid-ossp); they are quoted wherever they are used.
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(extension.name)) {
      problems.add('extensions', `"${extension.name}" is no extension's name`)
    }
  }
}

function validateSchemas(problems: ProblemList, system: System): void {
  const users = new Map<string, string>()
  for (const service of system.services) {
    if (service.tenancy.kind === 'schema') continue
    const path = `services.${service.name}.schema`
    const { schema } = service.tenancy
    problems.addUnlessFine(path, identifierProblem(schema))
    if (TAKEN_SCHEMAS.has(schema)) problems.add(path, `"${schema}" is not free for a service`)
    const other = users.get(schema)
    if (other !== undefined) problems.add(path, `"${schema}" is already the schema of service "${other}"`)
    users.set(schema, service.name)
  }
}

function validateRoles(problems: ProblemList, system: System): void {
  const known = new Set(namedRoles(system))
  for (const role of system.roles) {
    problems.addUnlessFine(`roles.${role.name}`, identifierProblem(role.name))
    for (const member of role.members) {
      if (!known.has(member))
        problems.add(`roles.${role.name}.members`, `"${member}" is no role of this system`)
      if (member === role.name) problems.add(`roles.${role.name}.members`, 'a role cannot be its own member')
    }
  }
  const seen = new Map<string, string>()
  for (const service of system.services) {
    const login = service.tenancy.kind === 'schema' ? null : service.tenancy.login
    if (login === null) continue
    const other = seen.get(login)
    if (other !== undefined) {
      problems.add(`services.${service.name}.login`, `"${login}" is already the login of service "${other}"`)
    }
    seen.set(login, service.name)
  }
  for (const role of system.roles) {
    if (seen.has(role.name)) problems.add(`roles.${role.name}`, 'is also the login of a service')
  }
}
