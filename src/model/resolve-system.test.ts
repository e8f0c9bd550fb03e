import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PanalError } from './errors.ts'
import { resolveSystem } from './resolve-system.ts'
import { searchPathOf, targetOf } from './target.ts'

const FILE = '/app/systems/shop/system.ts'

/** Every line of the error that a description meets; none when it is fine. */
function problemsOf(definition: unknown): readonly string[] {
  try {
    resolveSystem(definition, FILE)
    return []
  } catch (error) {
    assert.ok(error instanceof PanalError, String(error))
    assert.equal(error.code, 'PANAL_MODEL_INVALID')
    assert.equal(error.exitCode, 2)
    assert.deepEqual(error.place, { file: FILE })
    return error.details
  }
}

/** The problems of a system whose services are these. */
const ofServices = (services: unknown, more: object = {}): readonly string[] =>
  problemsOf({ name: 'shop', services, ...more })

const perTenant = (slug: string): string => `t_${slug}`
const byTenant = { kind: 'schema', schema: perTenant, login: (slug: string) => `user_${slug}` }
const byRow = { kind: 'row', key: 'tenant_id', setting: 'app.tenant', root: 'tenants' }
const long = 'a'.repeat(64)

describe('a description that is fine', () => {
  it('gets every default and every derived name', () => {
    const system = resolveSystem(
      { name: 'acc-lms', services: { courses: {}, ai: { reads: ['courses'], login: false } } },
      '/app/acc/system.ts',
    )
    const [courses, ai] = system.services
    assert.equal(system.database, 'acc_lms')
    assert.equal(system.runtime, null)
    assert.deepEqual(courses?.tenancy, { kind: 'none', schema: 'courses', login: 'acc_lms_courses_svc' })
    assert.equal(courses?.owner, 'acc_lms_courses_owner')
    assert.equal(courses?.migrationsFolder, '/app/acc/courses/migrations')
    assert.equal(courses?.seedsFolder, '/app/acc/courses/seeds')
    assert.deepEqual(courses?.limits.connections, -1)
    assert.deepEqual(ai?.tenancy, { kind: 'none', schema: 'ai', login: null })
    assert.deepEqual(ai?.reads, [{ service: 'courses', only: null }])
    assert.deepEqual(searchPathOf(system, targetOf(ai!, null, 'acc_lms')), ['ai', 'courses', 'extensions'])
  })

  it('may use everything that a description has', () => {
    const definition = {
      name: 'shop',
      database: 'core',
      extensions: ['pgcrypto', 'uuid-ossp', 'vector?'],
      runtime: true,
      roles: { analysts: { members: ['auditor'] }, auditor: { login: true } },
      services: {
        app: {
          schema: 'app',
          login: 'app_login',
          tenancy: { ...byRow, rootKey: 'id', keyType: 'bigint', shared: ['countries'] },
          references: [{ service: 'people', only: ['users'] }],
          definers: ['totals'],
          tables: { events: ['select', 'insert'] },
          grants: [{ to: 'analysts', on: 'orders', privileges: ['select'], columns: ['total'] }],
          limits: { connections: 5, statementTimeoutMs: 0 },
          migrations: '../sql/app',
          seeds: '/srv/seeds',
        },
        people: {},
        branches: { tenancy: byTenant, reads: ['people'] },
      },
    }
    assert.deepEqual(problemsOf(definition), [])
    const system = resolveSystem(definition, FILE)
    assert.equal(system.runtime, 'shop_runtime')
    assert.deepEqual(system.extensions.at(-1), { name: 'vector', optional: true })
    assert.equal(system.services[0]?.migrationsFolder, '/app/systems/shop/../sql/app')
    assert.equal(system.services[0]?.seedsFolder, '/srv/seeds')
    const tenancy = system.services[0]?.tenancy
    assert.deepEqual(tenancy?.kind === 'row' && [tenancy.rootKey, tenancy.keyType, tenancy.shared], [
      'id',
      'bigint',
      ['countries'],
    ])
  })
})

describe('problems are named all at once, each with its path', () => {
  it('names one of each kind in a single error, and each once', () => {
    const problems = problemsOf({
      name: 'Shop',
      servces: {},
      services: {
        courses: { schema: 'public', limits: { connections: 0 } },
        payments: { reads: ['corses'], grants: [{ to: 'nobody_x', on: 'orders', privileges: ['select'] }] },
        ai: { schema: 'payments', login: 'ai_svc', tables: { notes: ['selct'] } },
      },
    })
    assert.deepEqual(new Set(problems.map((line) => line.slice(0, line.indexOf(':')))), new Set(PATHS))
    assert.equal(problems.length, PATHS.length)
  })
})

const PATHS = [
  'servces',
  'name',
  'services.ai.tables.notes[0]',
  'services.ai.schema',
  'services.courses.limits.connections',
  'services.courses.schema',
  'services.payments.reads[0]',
  'services.payments.grants[0].to',
]

/** What is wrong, the services that say it, and the one line that must come of it. */
const REFUSED: readonly (readonly [what: string, services: unknown, line: string])[] = [
  [
    'an unknown service in reads, mistyped',
    { courses: {}, ai: { reads: ['corses'] } },
    'services.ai.reads[0]: there is no service "corses"; did you mean "courses"?',
  ],
  [
    'an unknown service in reads, far from any',
    { courses: {}, ai: { reads: ['x'] } },
    'services.ai.reads[0]: there is no service "x"; known: courses, ai',
  ],
  [
    'an unknown service in references',
    { ai: { references: [{ service: 'auht', only: ['t'] }] }, auth: {} },
    'services.ai.references[0]: there is no service "auht"; did you mean "auth"?',
  ],
  [
    'a service that reads itself',
    { ai: { reads: ['ai'] } },
    'services.ai.reads[0]: a service always reads itself',
  ],
  [
    'the same service read twice',
    { a: {}, b: { reads: ['a', 'a'] } },
    'services.b.reads[1]: names "a" twice',
  ],
  [
    'an empty list of tables',
    { a: {}, b: { reads: [{ service: 'a', only: [] }] } },
    'services.b.reads[0]: names no table in `only`',
  ],
  [
    'a shared service that reads tenants',
    { a: { tenancy: byTenant }, b: { reads: ['a'] } },
    'services.b.reads[0]: "a" has a schema per tenant, so only a service that has too may read it',
  ],
  [
    'two services on one schema',
    { a: { schema: 'x' }, b: { schema: 'x' } },
    'services.b.schema: "x" is already the schema of service "a"',
  ],
  [
    "a schema that is Panal's",
    { a: { schema: 'panal' } },
    'services.a.schema: "panal" is not free for a service',
  ],
  [
    "a schema that is PostgreSQL's",
    { a: { schema: 'pg_x' } },
    'services.a.schema: "pg_x" starts with pg_, which PostgreSQL keeps for itself',
  ],
  [
    'a schema in capitals',
    { a: { schema: 'Sales' } },
    'services.a.schema: "Sales" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
  ],
  [
    'a schema of 64 bytes',
    { a: { schema: long } },
    `services.a.schema: "${long}" has 64 bytes, PostgreSQL keeps 63`,
  ],
  [
    'a login of 64 bytes',
    { a: { login: long } },
    `services.a.login: "${long}" has 64 bytes, PostgreSQL keeps 63`,
  ],
  [
    'a service whose owner would have 64 bytes',
    { [long.slice(0, 53)]: {} },
    `services.${long.slice(0, 53)}: "shop_${long.slice(0, 53)}_owner" has 64 bytes, PostgreSQL keeps 63`,
  ],
  [
    'a service with a hyphen',
    { 'a-b': { schema: 'a', login: 'b' } },
    'services.a-b: "a-b" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
  ],
  [
    'a login of two services',
    { a: { login: 'x' }, b: { login: 'x' } },
    'services.b.login: "x" is already the login of service "a"',
  ],
  [
    'a login that is an owner',
    { a: {}, b: { login: 'shop_a_owner' } },
    'services.b.login: "shop_a_owner" is already the owner role of service "a"',
  ],
  [
    'a login that is the connect group',
    { a: { login: 'shop_connect' } },
    'services.a.login: "shop_connect" is already the group through which logins connect',
  ],
  [
    'a login that is the control role',
    { a: { login: 'panal_control' } },
    'services.a.login: "panal_control" is already Panal\'s control role',
  ],
  [
    'a login that is a creator role',
    { a: { login: 'shop_creator_7' } },
    'services.a.login: "shop_creator_7" is a name of Panal\'s creator roles',
  ],
  [
    'two services of one login per tenant',
    { a: { tenancy: byTenant }, b: { tenancy: { ...byTenant, schema: (t: string) => `b_${t}` } } },
    'services.b.tenancy.login: "user_trial_a" is already a tenant\'s login of service "a"',
  ],
  ['no service', {}, 'services: a system needs at least one service'],
  [
    'a column right that is none',
    { a: { grants: [{ to: 'shop_a_svc', on: 't', privileges: ['delete'], columns: ['c'] }] } },
    'services.a.grants[0].privileges: "delete" cannot be granted on columns',
  ],
  [
    'a grant of nothing',
    { a: { grants: [{ to: 'shop_a_svc', on: 't', privileges: [] }] } },
    'services.a.grants[0].privileges: names no privilege',
  ],
  [
    'execute beside a right on tables',
    { a: { grants: [{ to: 'shop_a_svc', on: 'f', privileges: ['execute', 'select'] }] } },
    'services.a.grants[0].privileges: "execute" is for routines, which have no other privilege',
  ],
  [
    "a grant to the service's own owner",
    { a: { grants: [{ to: 'shop_a_owner', on: 't', privileges: ['select'] }] } },
    'services.a.grants[0].to: "shop_a_owner" is no role of this system; known: shop_a_svc',
  ],
  [
    'a grant to a mistyped role',
    { a: { grants: [{ to: 'shop_a_svx', on: 't', privileges: ['select'] }] } },
    'services.a.grants[0].to: "shop_a_svx" is no role of this system; did you mean "shop_a_svc"?',
  ],
  [
    'a table of 64 bytes',
    { a: { tables: { ['ñ'.repeat(32)]: ['select'] } } },
    `services.a.tables.${'ñ'.repeat(32)}: "${'ñ'.repeat(32)}" has 64 bytes, PostgreSQL keeps 63`,
  ],
  [
    'limits that are no whole numbers',
    { a: { limits: { lockTimeoutMs: 1.5 } } },
    'services.a.limits.lockTimeoutMs: 1.5 is no whole number from 0 to 2147483647',
  ],
  [
    'limits that PostgreSQL cannot hold',
    { a: { limits: { connections: 2 ** 31 } } },
    'services.a.limits.connections: 2147483648 is no whole number from 1 to 2147483647',
  ],
  [
    'a mistyped limit',
    { a: { limits: { conections: 1 } } },
    'services.a.limits.conections: is unknown; did you mean "connections"?',
  ],
  ['a mistyped key of a service', { a: { read: [] } }, 'services.a.read: is unknown; did you mean "reads"?'],
  [
    'a tenancy of no kind',
    { a: { tenancy: { kind: 'row-level' } } },
    'services.a.tenancy.kind: "row-level" is none of none, schema, row',
  ],
  [
    'a mistyped key of a tenancy',
    { a: { tenancy: { ...byRow, rootkey: 'id' } } },
    'services.a.tenancy.rootkey: is unknown; did you mean "rootKey"?',
  ],
  [
    'a row tenancy without its root',
    { a: { tenancy: { kind: 'row', key: 'k', setting: 'a.b' } } },
    'services.a.tenancy.root: is missing',
  ],
  [
    'a row tenancy that nobody reads',
    { a: { login: false, tenancy: byRow } },
    'services.a.login: is false, and nobody else reads this schema or has a grant on it',
  ],
  [
    'a setting of one part',
    { a: { tenancy: { ...byRow, setting: 'tenant' } } },
    'services.a.tenancy.setting: "tenant" must have two parts: app.current_tenant',
  ],
  [
    'a key type that is none',
    { a: { tenancy: { ...byRow, keyType: 'uid' } } },
    'services.a.tenancy.keyType: "uid" is none of uuid, bigint, integer, text; did you mean "uuid"?',
  ],
  [
    'names of tenants that are no functions',
    { a: { tenancy: { ...byTenant, schema: 't_' } } },
    `services.a.tenancy.schema: must be a function of the slug: (slug) => 'schema_' + slug, not the text "t_"`,
  ],
  [
    'names of tenants that are all one',
    { a: { tenancy: { ...byTenant, schema: () => 'all' } } },
    'services.a.tenancy.schema: gives "all" to every tenant',
  ],
  [
    'names of tenants that are none',
    { a: { tenancy: { ...byTenant, schema: (t: string) => `T-${t}` } } },
    'services.a.tenancy.schema: "T-trial_a" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
  ],
  [
    'names that are too long for the longest slug',
    { a: { tenancy: { ...byTenant, schema: (t: string) => `schema_of_the_tenant_is_${t}` } } },
    `services.a.tenancy.schema: "schema_of_the_tenant_is_${'x'.repeat(41)}" has 65 bytes, PostgreSQL keeps 63`,
  ],
  [
    'a naming function that throws',
    {
      a: {
        tenancy: {
          ...byTenant,
          schema: () => {
            throw new Error('no')
          },
        },
      },
    },
    'services.a.tenancy.schema: must give a text for every slug',
  ],
  [
    "a schema beside the tenants' own",
    { a: { schema: 'a', tenancy: byTenant } },
    'services.a.schema: belongs into tenancy.schema where every tenant has its own',
  ],
]

describe('what one service can get wrong', () => {
  for (const [what, services, line] of REFUSED) {
    it(what, () => assert.deepEqual(ofServices(services), [line]))
  }
})

const ONE = { a: {} }

describe('what a system can get wrong', () => {
  const refused: readonly (readonly [what: string, more: object, line: string])[] = [
    [
      'a database in capitals',
      { database: 'Core' },
      'database: "Core" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
    ],
    [
      'a database that is a template',
      { database: 'template1' },
      'database: "template1" is PostgreSQL\'s own',
    ],
    [
      'an extension that is no name',
      { extensions: ['pg crypto'] },
      'extensions: "pg crypto" is no extension\'s name',
    ],
    ['an extension twice', { extensions: ['vector', 'vector?'] }, 'extensions: names "vector" twice'],
    [
      'a role that is a login',
      { roles: { shop_a_svc: {} } },
      'roles.shop_a_svc: "shop_a_svc" is already the login of service "a"',
    ],
    [
      'a role that is the pooled login',
      { roles: { shop_runtime: {} }, runtime: true },
      'roles.shop_runtime: "shop_runtime" is already the pooled login of `runtime`',
    ],
    [
      'an unknown member',
      { roles: { g: { members: ['shop_a_svx'] } } },
      'roles.g.members[0]: "shop_a_svx" is no role of this system; did you mean "shop_a_svc"?',
    ],
    [
      'a role in itself',
      { roles: { g: { members: ['g'] } } },
      'roles.g.members[0]: a role cannot be its own member',
    ],
    [
      'members in a circle',
      { roles: { g: { members: ['h'] }, h: { members: ['g'] } } },
      'roles.g.members: leads in a circle: g ← h ← g',
    ],
    [
      'a mistyped key of a role',
      { roles: { g: { member: [] } } },
      'roles.g.member: is unknown; did you mean "members"?',
    ],
  ]
  for (const [what, more, line] of refused) {
    it(what, () => assert.deepEqual(ofServices(ONE, more), [line]))
  }

  it('a name whose derived roles would have 64 bytes', () => {
    assert.deepEqual(ofServices(ONE, { name: long.slice(0, 50) }), [])
    const name = long.slice(0, 51)
    assert.deepEqual(ofServices(ONE, { name }), [
      `name: "${name}_creator_9999" has 64 bytes, PostgreSQL keeps 63`,
    ])
  })
})

describe('a description of the wrong form, since nobody checks the types of the file', () => {
  const cases: readonly (readonly [what: string, definition: unknown, line: string])[] = [
    ['no object', null, '(default export): must be an object, not null'],
    ['a function', () => ({}), '(default export): must be an object, not a function'],
    ['no name', { services: ONE }, 'name: is missing'],
    ['services in a list', { name: 'x', services: [] }, 'services: must be an object, not a list'],
    [
      'a service that is a text',
      { name: 'x', services: { a: 'b' } },
      'services.a: must be an object, not the text "b"',
    ],
    [
      'reads that are a text',
      { name: 'x', services: { a: {}, b: { reads: 'a' } } },
      'services.b.reads: must be a list, not the text "a"',
    ],
    [
      'reads of a number',
      { name: 'x', services: { a: { reads: [1] } } },
      "services.a.reads[0]: must be a service's name or { service, only: [tables] }, not 1",
    ],
    [
      'a login that is true',
      { name: 'x', services: { a: { login: true } } },
      "services.a.login: must be a role's name or false, not true",
    ],
    [
      'a runtime that is a text',
      { name: 'x', services: ONE, runtime: 'yes' },
      'runtime: must be true or false, not the text "yes"',
    ],
    [
      'a limit that is a text',
      { name: 'x', services: { a: { limits: { connections: '5' } } } },
      'services.a.limits.connections: must be a number, not the text "5"',
    ],
    [
      'a tenancy that is a text',
      { name: 'x', services: { a: { tenancy: 'row' } } },
      'services.a.tenancy: must be an object such as { kind: \'none\' }, not the text "row"',
    ],
  ]
  for (const [what, definition, line] of cases) {
    it(what, () => assert.deepEqual(problemsOf(definition), [line]))
  }

  it('goes on with what fits', () => {
    assert.deepEqual(ofServices({ a: null, b: { reads: ['a', 'c'], tables: [] } }), [
      'services.a: must be an object, not null',
      'services.b.tables: must be an object, not a list',
      'services.b.reads[1]: there is no service "c"; did you mean "a"?',
    ])
  })
})
