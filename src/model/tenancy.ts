import type { RowTenancyDefinition, SchemaTenancyDefinition, ServiceDefinition } from './definition.ts'
import { identifierProblem } from './identifier.ts'
import type { ProblemList } from './problem.ts'
import type { Tenancy } from './system.ts'

/** Tenants that stand for any others when the naming functions are tried. */
export const TRIAL_SLUGS = ['trial_a', 'trial_b'] as const
const LONGEST_SLUG = 'x'.repeat(41)
/** A spare costs what a tenant costs; more than this is a mistyped number. */
const MOST_SPARES = 1_000

/** How a service keeps its tenants apart, with schema and login names filled in. */
export function resolveTenancy(
  problems: ProblemList,
  path: string,
  service: string,
  definition: ServiceDefinition<string>,
  defaultLogin: string,
): Tenancy {
  const tenancy = definition.tenancy ?? { kind: 'none' }
  if (tenancy.kind === 'schema') return resolveSchemaTenancy(problems, path, definition, tenancy)
  const schema = definition.schema ?? service
  const login = definition.login === false ? null : (definition.login ?? defaultLogin)
  // A derived login is as good as the names it comes from, which are checked where they stand.
  if (definition.login !== undefined && login !== null) {
    problems.addUnlessFine(`${path}.login`, identifierProblem(login))
  }
  if (tenancy.kind === 'none') return { kind: 'none', schema, login }
  return resolveRowTenancy(problems, `${path}.tenancy`, tenancy, schema, login)
}

function resolveSchemaTenancy(
  problems: ProblemList,
  path: string,
  definition: ServiceDefinition<string>,
  tenancy: SchemaTenancyDefinition,
): Tenancy {
  for (const key of ['schema', 'login'] as const) {
    if (definition[key] !== undefined) {
      problems.add(`${path}.${key}`, `belongs into tenancy.${key} where every tenant has its own`)
    }
  }
  for (const key of ['schema', 'login'] as const) {
    tryNames(problems, `${path}.tenancy.${key}`, tenancy[key])
  }
  const { schema, login, pool = 0 } = tenancy
  if (!Number.isInteger(pool) || pool < 0 || pool > MOST_SPARES) {
    problems.add(`${path}.tenancy.pool`, `${pool} is no whole number from 0 to ${MOST_SPARES}`)
  }
  return { kind: 'schema', schema, login, pool }
}

/** Tenants are not known yet, so the function is tried: fine names, one each, also for the longest slug. */
function tryNames(problems: ProblemList, path: string, nameOf: (slug: string) => string): void {
  const [first, second, longest] = [...TRIAL_SLUGS, LONGEST_SLUG].map((slug) => nameFor(nameOf, slug))
  const problem = identifierProblem(first)
  if (typeof first !== 'string') problems.add(path, 'must give a text for every slug')
  else if (problem !== undefined) problems.add(path, problem)
  else if (first === second) problems.add(path, `gives "${first}" to every tenant`)
  else problems.addUnlessFine(path, identifierProblem(longest))
}

/** What the function makes of a slug; undefined, which is no name, where it throws. */
export function nameFor(nameOf: (slug: string) => string, slug: string): string | undefined {
  try {
    return nameOf(slug)
  } catch {
    return undefined
  }
}

function resolveRowTenancy(
  problems: ProblemList,
  path: string,
  tenancy: RowTenancyDefinition,
  schema: string,
  login: string | null,
): Tenancy {
  problems.addUnlessFine(`${path}.key`, identifierProblem(tenancy.key))
  problems.addUnlessFine(`${path}.root`, identifierProblem(tenancy.root))
  if (tenancy.rootKey !== undefined) {
    problems.addUnlessFine(`${path}.rootKey`, identifierProblem(tenancy.rootKey))
  }
  // PostgreSQL takes any two-part name as a setting of the application's own.
  if (!/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(tenancy.setting)) {
    problems.add(`${path}.setting`, `"${tenancy.setting}" must have two parts: app.current_tenant`)
  }
  return {
    kind: 'row',
    schema,
    login,
    key: tenancy.key,
    keyType: tenancy.keyType ?? 'uuid',
    setting: tenancy.setting,
    root: tenancy.root,
    rootKey: tenancy.rootKey ?? 'id',
    shared: tenancy.shared ?? [],
  }
}
