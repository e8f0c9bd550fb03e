import type { RowTenancyDefinition, SchemaTenancyDefinition, ServiceDefinition } from './definition.ts'
import { identifierProblem } from './identifier.ts'
import type { ProblemList } from './problem.ts'
import type { Tenancy } from './system.ts'
import { rejectUnknownKeys } from './unknown-keys.ts'

const ROW_KEYS = ['kind', 'key', 'setting', 'root', 'rootKey', 'keyType', 'shared']
/** A tenant that stands for any other when the naming functions are tried. */
const TRIAL_SLUGS = ['trial_a', 'trial_b'] as const
const LONGEST_SLUG = 'x'.repeat(41)

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
  if (login !== null) problems.addUnlessFine(`${path}.login`, identifierProblem(login))
  if (tenancy.kind === 'none') return { kind: 'none', schema, login }
  if (tenancy.kind === 'row') return resolveRowTenancy(problems, `${path}.tenancy`, tenancy, schema, login)
  problems.add(`${path}.tenancy.kind`, 'must be none, schema or row')
  return { kind: 'none', schema, login }
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
  rejectUnknownKeys(problems, `${path}.tenancy`, tenancy, ['kind', 'schema', 'login'])
  for (const key of ['schema', 'login'] as const) {
    if (typeof tenancy[key] !== 'function') {
      problems.add(`${path}.tenancy.${key}`, `must be a function of the slug: (t) => \`${key}_\${t}\``)
      continue
    }
    tryNames(problems, `${path}.tenancy.${key}`, tenancy[key])
  }
  return { kind: 'schema', schema: tenancy.schema, login: tenancy.login }
}

/** Tenants are not known yet, so the function is tried: fine names, one each, also for the longest slug. */
function tryNames(problems: ProblemList, path: string, nameOf: (slug: string) => string): void {
  const [first, second] = TRIAL_SLUGS.map(nameOf)
  const problem = identifierProblem(first)
  if (problem !== undefined) problems.add(path, problem)
  else if (first === second) problems.add(path, `gives "${first}" to every tenant`)
  else problems.addUnlessFine(path, identifierProblem(nameOf(LONGEST_SLUG)))
}

function resolveRowTenancy(
  problems: ProblemList,
  path: string,
  tenancy: RowTenancyDefinition,
  schema: string,
  login: string | null,
): Tenancy {
  rejectUnknownKeys(problems, path, tenancy, ROW_KEYS)
  problems.addUnlessFine(`${path}.key`, identifierProblem(tenancy.key))
  problems.addUnlessFine(`${path}.root`, identifierProblem(tenancy.root))
  // PostgreSQL takes any two-part name as a setting of the application's own.
  if (typeof tenancy.setting !== 'string' || !/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(tenancy.setting)) {
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
