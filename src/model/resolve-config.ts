import type { Config } from './config.ts'
import type { ConfigDefinition, EnvironmentDefinition, PlacementDefinition } from './definition.ts'
import { PanalError } from './errors.ts'
import { identifierProblem } from './identifier.ts'
import { nearest } from './nearest.ts'
import { ProblemList, throwProblems } from './problem.ts'
import type { System } from './system.ts'
import { rejectUnknownKeys } from './unknown-keys.ts'
import { validatePlatform } from './validate-platform.ts'

/** The environment that a config's top level describes. */
export const DEFAULT_ENVIRONMENT = 'development'

const ENVIRONMENT_KEYS = ['databases', 'placement', 'control']

/**
 * Joins the configuration of one environment with the systems that it names.
 *
 * @throws PANAL_CONFIG_INVALID naming every problem of the config and between the systems
 * @throws PANAL_USAGE for an environment that the config does not have
 */
export function resolveConfig(
  definition: ConfigDefinition,
  file: string,
  systems: readonly System[],
  environment = DEFAULT_ENVIRONMENT,
): Config {
  const problems = new ProblemList()
  rejectUnknownKeys(problems, '', definition, ['systems', 'environments', ...ENVIRONMENT_KEYS])
  const { path, chosen } = chooseEnvironment(definition, environment)
  if (path !== '') rejectUnknownKeys(problems, path.slice(0, -1), chosen, ENVIRONMENT_KEYS)
  const config: Config = {
    file,
    environment,
    databases: resolveDatabases(problems, path, chosen),
    controlUrl: chosen.control?.url ?? null,
    systems,
    placement: resolvePlacement(problems, path, chosen, systems),
  }
  validatePlatform(problems, config)
  throwProblems('PANAL_CONFIG_INVALID', file, problems.all)
  return config
}

function chooseEnvironment(
  definition: ConfigDefinition,
  name: string,
): { path: string; chosen: EnvironmentDefinition } {
  if (name === DEFAULT_ENVIRONMENT) return { path: '', chosen: definition }
  const known = [DEFAULT_ENVIRONMENT, ...Object.keys(definition.environments ?? {})]
  const chosen = definition.environments?.[name]
  if (chosen === undefined) {
    const suggestion = nearest(name, known)
    throw new PanalError('PANAL_USAGE', `There is no environment "${name}".`, {
      remedy: suggestion === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${suggestion}"?`,
    })
  }
  return { path: `environments.${name}.`, chosen }
}

function resolveDatabases(
  problems: ProblemList,
  path: string,
  definition: EnvironmentDefinition,
): ReadonlyMap<string, string | null> {
  const databases = new Map<string, string | null>()
  for (const [key, database] of Object.entries(definition.databases ?? {})) {
    problems.addUnlessFine(`${path}databases.${key}`, identifierProblem(key))
    rejectUnknownKeys(problems, `${path}databases.${key}`, database, ['url'])
    const url = database.url ?? null
    if (url !== null && !/^postgres(ql)?:\/\//.test(url)) {
      problems.add(`${path}databases.${key}.url`, 'must start with postgres:// or postgresql://')
    }
    // An unset variable behind any other key would quietly move that database to the default server.
    if (url === null && key !== 'default') {
      problems.add(
        `${path}databases.${key}.url`,
        'is undefined; only "default" may be (the embedded PostgreSQL)',
      )
    }
    databases.set(key, url)
  }
  if (!databases.has('default')) databases.set('default', null)
  return databases
}

function resolvePlacement(
  problems: ProblemList,
  path: string,
  definition: EnvironmentDefinition,
  systems: readonly System[],
): ReadonlyMap<string, ReadonlyMap<string, PlacementDefinition>> {
  const placement = new Map<string, ReadonlyMap<string, PlacementDefinition>>()
  for (const [name, services] of Object.entries(definition.placement ?? {})) {
    const system = systems.find((candidate) => candidate.name === name)
    if (system === undefined) {
      problems.add(`${path}placement.${name}`, `there is no system "${name}"`)
      continue
    }
    for (const [service, place] of Object.entries(services)) {
      const at = `${path}placement.${name}.${service}`
      const found = system.services.find((candidate) => candidate.name === service)
      if (found === undefined) problems.add(at, `system "${name}" has no service "${service}"`)
      else if (typeof place === 'function' && found.tenancy.kind !== 'schema') {
        problems.add(at, 'is a function of the slug, but the service has no schema per tenant')
      }
      if (typeof place === 'string') problems.addUnlessFine(at, identifierProblem(place))
    }
    placement.set(name, new Map(Object.entries(services)))
  }
  return placement
}
