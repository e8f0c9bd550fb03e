import type { Config } from './config.ts'
import type { ConfigDefinition, EnvironmentDefinition, PlacementDefinition } from './definition.ts'
import { configShape } from './definition-shapes.ts'
import { PanalError } from './errors.ts'
import { identifierProblem, systemNameProblem } from './identifier.ts'
import { hint, nearest } from './nearest.ts'
import { ProblemList, problemsError, throwProblems } from './problem.ts'
import type { System } from './system.ts'
import { validatePlatform } from './validate-platform.ts'

/** The environment that a config's top level describes. */
export const DEFAULT_ENVIRONMENT = 'development'

/**
 * Joins the configuration of one environment with the systems that it names.
 *
 * @throws PANAL_CONFIG_INVALID naming every problem of the config and between the systems
 * @throws PANAL_USAGE for an environment that the config does not have
 */
export function resolveConfig(
  definition: unknown,
  file: string,
  systems: readonly System[],
  environment = DEFAULT_ENVIRONMENT,
): Config {
  const problems = new ProblemList()
  const written = configShape(problems, '', definition)
  if (written === undefined) throw problemsError('PANAL_CONFIG_INVALID', file, problems.all)
  validateEnvironments(problems, written)
  const { path, chosen } = chooseEnvironment(written, environment)
  const config: Config = {
    file,
    environment,
    databases: resolveDatabases(problems, path, chosen),
    controlUrl: resolveControl(problems, path, chosen),
    systems,
    placement: resolvePlacement(problems, path, chosen, systems),
  }
  validatePlatform(problems, config)
  throwProblems('PANAL_CONFIG_INVALID', file, problems.all)
  return config
}

/** Every environment's own names; URLs only of the chosen one, since the others' variables may be unset here. */
function validateEnvironments(problems: ProblemList, definition: ConfigDefinition): void {
  for (const name of Object.keys(definition.environments ?? {})) {
    problems.addUnlessFine(`environments.${name}`, systemNameProblem(name))
    if (name === DEFAULT_ENVIRONMENT) {
      problems.add(`environments.${name}`, "is what the configuration's top level describes")
    }
  }
}

function chooseEnvironment(
  definition: ConfigDefinition,
  name: string,
): { path: string; chosen: EnvironmentDefinition } {
  if (name === DEFAULT_ENVIRONMENT) return { path: '', chosen: definition }
  const environments = new Map(Object.entries(definition.environments ?? {}))
  const known = [DEFAULT_ENVIRONMENT, ...environments.keys()]
  const chosen = environments.get(name)
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
    // An environment variable that is set to nothing is as good as unset.
    const url = database.url === undefined || database.url === '' ? null : database.url
    if (url !== null) problems.addUnlessFine(`${path}databases.${key}.url`, urlProblem(url))
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

function resolveControl(
  problems: ProblemList,
  path: string,
  { control }: EnvironmentDefinition,
): string | null {
  if (control === undefined) return null
  const { url } = control
  // Left to the default, the registry would be looked for, and made anew, on another server.
  if (url === undefined)
    problems.add(`${path}control.url`, 'is undefined; give it a URL, or leave control out')
  else problems.addUnlessFine(`${path}control.url`, urlProblem(url))
  return url ?? null
}

/** Only the scheme: what else a URL says is checked when it is used, without showing its password here. */
function urlProblem(url: string): string | undefined {
  return /^postgres(ql)?:\/\//.test(url) ? undefined : 'must start with postgres:// or postgresql://'
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
      const names = systems.map((candidate) => candidate.name)
      problems.add(`${path}placement.${name}`, `there is no system "${name}"; ${hint(name, names)}`)
      continue
    }
    for (const [service, place] of Object.entries(services)) {
      const at = `${path}placement.${name}.${service}`
      const found = system.services.find((candidate) => candidate.name === service)
      if (found === undefined) {
        const names = system.services.map((candidate) => candidate.name)
        problems.add(at, `system "${name}" has no service "${service}"; ${hint(service, names)}`)
      } else if (typeof place === 'function' && found.tenancy.kind !== 'schema') {
        problems.add(at, 'is a function of the slug, but the service has no schema per tenant')
      }
      if (typeof place === 'string') problems.addUnlessFine(at, identifierProblem(place))
    }
    placement.set(name, new Map(Object.entries(services)))
  }
  return placement
}
