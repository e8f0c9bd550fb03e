import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveSystem } from './resolve-system.ts'

const withPool = (pool: unknown) => ({
  name: 'kiosk',
  services: {
    shop: {
      tenancy: { kind: 'schema', schema: (t: string) => `s_${t}`, login: (t: string) => `u_${t}`, pool },
    },
  },
})

test('a pool is a whole number of spares, none by default', () => {
  const poolOf = (pool: unknown) => {
    const tenancy = resolveSystem(withPool(pool), 'system.ts').services[0]?.tenancy
    return tenancy?.kind === 'schema' ? tenancy.pool : undefined
  }
  assert.equal(poolOf(3), 3)
  assert.equal(poolOf(undefined), 0)
})

test('any other pool is refused by its path', () => {
  for (const pool of [-1, 1.5, 1_001, Number.NaN, '3']) {
    assert.throws(
      () => resolveSystem(withPool(pool), 'system.ts'),
      (error: Error) => /tenancy\.pool/.test(`${error.message}${JSON.stringify(error)}`),
      String(pool),
    )
  }
})
