import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placementOf } from './config.ts'
import type { SystemDefinition } from './definition.ts'
import { PanalError } from './errors.ts'
import { resolveConfig } from './resolve-config.ts'
import { resolveSystem } from './resolve-system.ts'
import type { System } from './system.ts'

const FILE = '/app/panal.config.ts'
const URL = 'postgres://ops@db/core'

const system = (name: string, services: SystemDefinition<string>['services'], database?: string): System =>
  resolveSystem(database === undefined ? { name, services } : { name, services, database }, `/app/${name}.ts`)

const perTenant = (prefix: string) => ({
  kind: 'schema' as const,
  schema: (slug: string) => `${prefix}_${slug}`,
  login: (slug: string) => `${prefix}_user_${slug}`,
})

function problemsOf(config: object, systems: readonly System[] = [], environment?: string) {
  try {
    resolveConfig({ systems: [], ...config }, FILE, systems, environment)
    return []
  } catch (error) {
    assert.ok(error instanceof PanalError, String(error))
    assert.equal(error.code, 'PANAL_CONFIG_INVALID')
    assert.equal(error.exitCode, 2)
    return error.details
  }
}

const shop = system('shop', { orders: {}, catalog: {}, branches: { tenancy: perTenant('b') } })

describe('a configuration that is fine', () => {
  it('has the embedded server as its default, and places services as it says', () => {
    const config = resolveConfig(
      {
        systems: [],
        databases: { core: { url: URL } },
        placement: {
          shop: { orders: 'core', branches: (slug: string) => (slug === 'big' ? 'core' : 'shop') },
        },
      },
      FILE,
      [shop],
    )
    assert.equal(config.environment, 'development')
    assert.equal(config.controlUrl, null)
    assert.deepEqual(
      [...config.databases],
      [
        ['core', URL],
        ['default', null],
      ],
    )
    assert.equal(placementOf(config, shop, 'orders', null), 'core')
    assert.equal(placementOf(config, shop, 'catalog', null), 'shop')
    assert.equal(placementOf(config, shop, 'branches', 'big'), 'core')
    assert.equal(placementOf(config, shop, 'branches', 'small'), 'shop')
  })

  it('takes only the chosen environment, whose variables alone must be set', () => {
    const environments = {
      production: { databases: { default: { url: URL } }, control: { url: `${URL}?x=1` } },
      staging: { databases: { core: { url: undefined } }, control: { url: undefined } },
    }
    const config = resolveConfig({ systems: [], environments }, FILE, [shop], 'production')
    assert.equal(config.databases.get('default'), URL)
    assert.equal(config.controlUrl, `${URL}?x=1`)
    assert.deepEqual(problemsOf({ environments }, [shop]), [])
    assert.deepEqual(problemsOf({ environments }, [shop], 'staging'), [
      'environments.staging.databases.core.url: is undefined; only "default" may be (the embedded PostgreSQL)',
      'environments.staging.control.url: is undefined; give it a URL, or leave control out',
    ])
  })
})

describe('an environment that is not there', () => {
  const environments = { production: {} }
  for (const [name, remedy] of [
    ['prodution', 'Did you mean "production"?'],
    ['x', 'Known: development, production.'],
    ['constructor', 'Known: development, production.'],
  ] as const) {
    it(name, () => {
      assert.throws(
        () => resolveConfig({ systems: [], environments }, FILE, [], name),
        (error) => error instanceof PanalError && error.code === 'PANAL_USAGE' && error.remedy === remedy,
      )
    })
  }
})

describe('what a configuration can get wrong', () => {
  const cases: readonly (readonly [what: string, config: object, lines: readonly string[]])[] = [
    ['a mistyped key', { database: {} }, ['database: is unknown; did you mean "databases"?']],
    [
      'a mistyped key of an environment that nobody chose',
      { environments: { production: { databses: {} } } },
      ['environments.production.databses: is unknown; did you mean "databases"?'],
    ],
    [
      'an environment in capitals, and the one that is the top level',
      { environments: { Production: {}, development: {} } },
      [
        'environments.Production: "Production" must be lower-case words joined by hyphens (acc-lms)',
        "environments.development: is what the configuration's top level describes",
      ],
    ],
    [
      'databases: key, scheme, unset variable, form, all at once',
      { databases: { Core: { url: URL }, a: { url: 'mysql://x' }, b: {}, c: { uri: URL }, d: { url: 5 } } },
      [
        'databases.c.uri: is unknown; did you mean "url"?',
        'databases.d.url: must be a text, not 5',
        'databases.Core: "Core" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
        'databases.a.url: must start with postgres:// or postgresql://',
        ...['b', 'c', 'd'].map(
          (key) => `databases.${key}.url: is undefined; only "default" may be (the embedded PostgreSQL)`,
        ),
      ],
    ],
    [
      'a control URL of another kind',
      { control: { url: 'https://x' } },
      ['control.url: must start with postgres:// or postgresql://'],
    ],
    [
      'a placement of an unknown system, an unknown service, a bad key, a function without tenants',
      {
        placement: { shpo: {}, shop: { ordes: 'core', orders: 'Core', catalog: () => 'core', branches: 7 } },
      },
      [
        'placement.shop.branches: must be the key of a database or a function of the slug, not 7',
        'placement.shpo: there is no system "shpo"; did you mean "shop"?',
        'placement.shop.ordes: system "shop" has no service "ordes"; did you mean "orders"?',
        'placement.shop.orders: "Core" must match ^[a-z][a-z0-9_]*$ (lower case, digits, underscore)',
        'placement.shop.catalog: is a function of the slug, but the service has no schema per tenant',
      ],
    ],
  ]
  for (const [what, config, lines] of cases) {
    it(what, () => assert.deepEqual(problemsOf(config, [shop]), lines))
  }

  it('is no object', () => {
    assert.throws(() => resolveConfig([], FILE, []), { code: 'PANAL_CONFIG_INVALID' })
  })

  it('shows no password of a URL that it refuses', () => {
    const lines = problemsOf({ databases: { default: { url: 'postgre://ops:secret@db' } } })
    assert.equal(lines.length, 1)
    assert.ok(!lines.join().includes('secret'))
  })
})

describe('what only several systems together can get wrong', () => {
  it('a role name of another system', () => {
    const blog = system('blog', {
      posts: { login: 'shop_orders_svc' },
      media: { login: 'shop_catalog_owner' },
    })
    assert.deepEqual(problemsOf({}, [shop, blog]), [
      'blog: role shop_orders_svc: is already a role of system "shop"',
      'blog: role shop_catalog_owner: is already a role of system "shop"',
    ])
  })

  it('names that are one although their parts differ', () => {
    const [one, two] = [system('a-b', { c: { schema: 'x' } }, 'd1'), system('a', { b_c: {} }, 'd2')]
    assert.deepEqual(problemsOf({}, [one, two]), [
      'a: role a_b_c_svc: is already a role of system "a-b"',
      'a: role a_b_c_owner: is already a role of system "a-b"',
    ])
  })

  it("tenants' logins that would meet at the first slug that both have", () => {
    const tenancy = { ...perTenant('c'), login: perTenant('b').login }
    assert.deepEqual(problemsOf({}, [shop, system('club', { members: { tenancy } })]), [
      'club: role b_user_trial_a: is already a role of system "shop"',
    ])
  })

  it('two systems of one name', () => {
    assert.ok(
      problemsOf({}, [shop, shop]).includes('/app/shop.ts: system "shop" is also described by /app/shop.ts'),
    )
  })

  it('a schema that another system has in the same database, and only there', () => {
    const blog = (database: string) => system('blog', { posts: { schema: 'orders' } }, database)
    assert.deepEqual(problemsOf({}, [shop, blog('shop')]), [
      'blog: services.posts.schema: shop.orders is a schema of service "orders" of system "shop"',
    ])
    assert.deepEqual(problemsOf({}, [shop, blog('blog')]), [])
    assert.equal(problemsOf({ placement: { blog: { posts: 'shop' } } }, [shop, blog('blog')]).length, 1)
  })

  it('two services whose tenants would share a schema, unless they live apart', () => {
    const tenancy = { ...perTenant('c'), schema: perTenant('b').schema }
    const twins = system('twins', { left: { tenancy: perTenant('b') }, right: { tenancy } })
    assert.deepEqual(problemsOf({}, [twins]), [
      'twins: services.right.tenancy.schema: twins.b_trial_a is a schema of service "left" of system "twins"',
    ])
    assert.deepEqual(problemsOf({ placement: { twins: { right: 'elsewhere' } } }, [twins]), [])
    const unknown = (slug: string): string => {
      throw new Error(`nobody has placed ${slug}`)
    }
    assert.deepEqual(problemsOf({ placement: { twins: { right: unknown } } }, [twins]), [])
  })

  it('reads and references across databases', () => {
    const school = system('school', {
      courses: {},
      ai: { reads: ['courses'], references: [{ service: 'courses', only: ['topics'] }] },
    })
    assert.deepEqual(problemsOf({}, [school]), [])
    assert.deepEqual(problemsOf({ placement: { school: { ai: 'gpu' } } }, [school]), [
      'school: services.ai.reads: "courses" lives in database "school", "ai" in "gpu"; reads need one database',
      'school: services.ai.references: "courses" lives in database "school", "ai" in "gpu"; references need one database',
    ])
  })
})
