import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineSystem, resolveConfig, resolveSystem } from '../../model/index.ts'
import { newSlugProblem } from './slug-problems.ts'

const shop = resolveSystem(
  defineSystem({
    name: 'bo-tech',
    database: 'bo_tech',
    services: {
      shop: { tenancy: { kind: 'schema', schema: (t) => `schema_${t}`, login: (t) => `user_${t}` } },
      files: { tenancy: { kind: 'schema', schema: (t) => `files_${t}`, login: (t) => `user_files_${t}` } },
      core: { schema: 'schema_core', login: 'user_billing' },
    },
  }),
  '/p/system.ts',
)
const other = resolveSystem(
  defineSystem({ name: 'other', services: { app: { schema: 'schema_app', login: 'user_app' } } }),
  '/p/other.ts',
)
const config = resolveConfig({ systems: [] }, '/p/panal.config.ts', [shop, other])

test('good slugs', () => {
  for (const slug of ['acme', 'a1', 'farmacia_del_sol', 'x'.repeat(41), 'app2']) {
    assert.equal(newSlugProblem(config, shop, slug), undefined, slug)
  }
})

test('bad slugs, each with its reason', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["o'hara", /must match/],
    ['a"b', /must match/],
    ['Acme', /must match/],
    ['ñandu', /must match/],
    ['', /must match/],
    ['a', /must match/],
    ['1a', /must match/],
    ['a-b', /must match/],
    ['acme\n', /must match/],
    ['x'.repeat(64), /2 to 41/],
    ['x'.repeat(42), /2 to 41/],
    ['select', /reserves/],
    ['public', /reserves/],
    ['pg_acme', /reserves/],
    ['panal', /reserves/],
    ['core', /the schema schema_core, which a service of system "bo-tech" has/],
    ['billing', /the login user_billing, a role of system "bo-tech"/],
    ['app', /the login user_app, a role of system "other"/],
  ]
  for (const [slug, reason] of cases) {
    const problem = newSlugProblem(config, shop, slug)
    assert.ok(problem !== undefined && reason.test(problem), `${JSON.stringify(slug)}: ${problem}`)
    assert.ok(problem.includes(`"${slug}"`), 'the message names the slug')
  }
})

test('a placement by slug may not send apart what reads each other', () => {
  const system = resolveSystem(
    defineSystem({
      name: 'apart',
      database: 'home',
      services: {
        rates: { schema: 'rates' },
        shop: {
          tenancy: { kind: 'schema', schema: (t) => `apart_${t}`, login: (t) => `apart_user_${t}` },
          reads: ['rates'],
        },
      },
    }),
    '/p/apart.ts',
  )
  const placement = { apart: { shop: (slug: string) => (slug === 'far' ? 'away' : 'home') } }
  const placed = resolveConfig({ systems: [], placement }, '/p/panal.config.ts', [system])
  assert.equal(newSlugProblem(placed, system, 'near'), undefined)
  assert.match(newSlugProblem(placed, system, 'far') ?? '', /database away, away from rates in home/)
})
