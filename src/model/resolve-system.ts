import type { AccessDefinition, RoleDefinition, ServiceDefinition } from './definition.ts'
import { systemShape } from './definition-shapes.ts'
import { identifierProblem, systemNameProblem } from './identifier.ts'
import { resolveLimits } from './limits.ts'
import { ProblemList, problemsError, throwProblems } from './problem.ts'
import {
  creatorRole,
  defaultLogin,
  EXTENSIONS_SCHEMA,
  ownerRole,
  PANAL_SCHEMA,
  runtimeRole,
  tenantsRole,
} from './role-names.ts'
import type { Access, DeclaredRole, Extension, Service, System } from './system.ts'
import { resolveTenancy } from './tenancy.ts'
import { validateRoles } from './validate-roles.ts'
import { validateService } from './validate-service.ts'

/** A migration's schema may be none of these: they are the server's, Panal's or everybody's. */
const TAKEN_SCHEMAS = new Set(['public', PANAL_SCHEMA, EXTENSIONS_SCHEMA, 'information_schema'])
/** CREATE DATABASE copies one of them, and the other must stay as initdb made it. */
const TAKEN_DATABASES = new Set(['template0', 'template1'])

/**
 * Fills in defaults and checks everything that one description can get wrong by itself.
 *
 * @param written what the file exports: should be a SystemDefinition, and may be anything
 * @param file the file it came from; its folder is where migrations and seeds are looked for
 * @throws PANAL_MODEL_INVALID naming every problem at once, each with its path
 */
export function resolveSystem(written: unknown, file: string): System {
  const problems = new ProblemList()
  const definition = systemShape(problems, '', written)
  if (definition === undefined) throw problemsError('PANAL_MODEL_INVALID', file, problems.all)
  problems.addUnlessFine('name', systemNameProblem(definition.name))
  const { name } = definition
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
  if (definition.database !== undefined) {
    problems.addUnlessFine('database', identifierProblem(system.database))
  }
  if (TAKEN_DATABASES.has(system.database)) {
    problems.add('database', `"${system.database}" is PostgreSQL's own`)
  }
  validateExtensions(problems, system)
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
  if (systemNameProblem(system.name) !== undefined) return
  for (const service of system.services) {
    const path = `services.${service.name}`
    // A bad part is named where it stands; only good parts can add up to a bad whole.
    if (identifierProblem(service.name) !== undefined) continue
    // A default login is shorter than the owner's name.
    problems.addUnlessFine(path, identifierProblem(service.owner))
    if (service.tenancy.kind === 'schema') {
      problems.addUnlessFine(path, identifierProblem(tenantsRole(system.name, service.name)))
    }
  }
  problems.addUnlessFine('name', identifierProblem(creatorRole(system.name, 9999)))
}

function validateExtensions(problems: ProblemList, system: System): void {
  const seen = new Set<string>()
  for (const extension of system.extensions) {
    // Extension names may carry hyphens (uuid-ossp); they are quoted wherever they are used.
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(extension.name)) {
      problems.add('extensions', `"${extension.name}" is no extension's name`)
    }
    if (seen.has(extension.name)) problems.add('extensions', `names "${extension.name}" twice`)
    seen.add(extension.name)
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
