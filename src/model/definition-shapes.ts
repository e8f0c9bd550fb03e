import type {
  AccessDefinition,
  ConfigDefinition,
  DatabaseDefinition,
  EnvironmentDefinition,
  GrantDefinition,
  LimitsDefinition,
  NoTenancyDefinition,
  PlacementDefinition,
  RoleDefinition,
  RowTenancyDefinition,
  SchemaTenancyDefinition,
  ServiceDefinition,
  SystemDefinition,
  TenancyDefinition,
} from './definition.ts'
import {
  flag,
  isObject,
  listOf,
  misfit,
  number,
  objectOf,
  oneOf,
  orElse,
  recordOf,
  type Shape,
  slugFunction,
  text,
} from './shape.ts'

/** The shapes of definition.ts, so that a description is checked by the same keys that it is typed with. */

const texts = listOf(text)

const tablePrivilege = oneOf('select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger')

const accessInPart = objectOf<Exclude<AccessDefinition<string>, string>>({ service: text, only: texts }, [
  'service',
  'only',
])

const access: Shape<AccessDefinition<string>> = (problems, path, value) => {
  if (typeof value === 'string') return value
  if (isObject(value)) return accessInPart(problems, path, value)
  return misfit(problems, path, value, "a service's name or { service, only: [tables] }")
}

const grant = objectOf<GrantDefinition>(
  {
    to: text,
    on: text,
    privileges: listOf(
      oneOf('select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'usage', 'execute'),
    ),
    columns: texts,
  },
  ['to', 'on', 'privileges'],
)

const noTenancy = objectOf<NoTenancyDefinition>({ kind: oneOf('none') })

const schemaTenancy = objectOf<SchemaTenancyDefinition>(
  {
    kind: oneOf('schema'),
    schema: slugFunction("(slug) => 'schema_' + slug"),
    login: slugFunction("(slug) => 'user_' + slug"),
    pool: number,
  },
  ['schema', 'login'],
)

const rowTenancy = objectOf<RowTenancyDefinition>(
  {
    kind: oneOf('row'),
    key: text,
    setting: text,
    root: text,
    rootKey: text,
    keyType: oneOf('uuid', 'bigint', 'integer', 'text'),
    shared: texts,
  },
  ['key', 'setting', 'root'],
)

const tenancyKind = oneOf('none', 'schema', 'row')

const tenancy: Shape<TenancyDefinition> = (problems, path, value) => {
  if (!isObject(value)) return misfit(problems, path, value, "an object such as { kind: 'none' }")
  switch (tenancyKind(problems, `${path}.kind`, value.kind)) {
    case 'schema':
      return schemaTenancy(problems, path, value)
    case 'row':
      return rowTenancy(problems, path, value)
    case 'none':
      return noTenancy(problems, path, value)
    default:
      return undefined
  }
}

const login: Shape<string | false> = (problems, path, value) =>
  typeof value === 'string' || value === false
    ? value
    : misfit(problems, path, value, "a role's name or false")

const limits = objectOf<LimitsDefinition>({
  connections: number,
  statementTimeoutMs: number,
  lockTimeoutMs: number,
  idleInTransactionTimeoutMs: number,
})

const service = objectOf<ServiceDefinition<string>>({
  schema: text,
  login,
  tenancy,
  reads: listOf(access),
  references: listOf(access),
  tables: recordOf(listOf(tablePrivilege)),
  grants: listOf(grant),
  definers: texts,
  limits,
  migrations: text,
  seeds: text,
})

const role = objectOf<RoleDefinition>({ login: flag, members: texts })

export const systemShape = objectOf<SystemDefinition<string>>(
  {
    name: text,
    database: text,
    extensions: texts,
    // A service that is not even an object keeps its name, so that others may still refer to it.
    services: recordOf(orElse(service, {})),
    roles: recordOf(orElse(role, {})),
    runtime: flag,
  },
  ['name', 'services'],
)

const placement: Shape<PlacementDefinition> = (problems, path, value) => {
  if (typeof value === 'string') return value
  if (typeof value !== 'function') {
    return misfit(problems, path, value, 'the key of a database or a function of the slug')
  }
  return slugFunction('(slug) => key')(problems, path, value)
}

const environmentFields = {
  databases: recordOf(orElse(objectOf<DatabaseDefinition>({ url: text }), {})),
  placement: recordOf(orElse(recordOf(placement), {})),
  // A variable may be unset in environments that nobody chose; resolveConfig asks it of the chosen one.
  control: objectOf<{ readonly url: string | undefined }>({ url: text }),
}

export const configShape = objectOf<ConfigDefinition>(
  {
    systems: texts,
    environments: recordOf(orElse(objectOf<EnvironmentDefinition>(environmentFields), {})),
    ...environmentFields,
  },
  ['systems'],
)
