import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlannedTarget } from '../migrate/index.ts'
import { planWaves } from './plan-waves.ts'

const plan = (service: string, tenant: string | null): PlannedTarget =>
  ({ target: { system: 's', service, tenant } }) as PlannedTarget
const tenants = (count: number): PlannedTarget[] =>
  Array.from({ length: count }, (_, index) => plan('shop', `t${index}`))
const sizes = (planned: readonly PlannedTarget[], ...shares: Parameters<typeof planWaves>[1]): unknown[] =>
  planWaves(planned, shares).map((wave) => [wave.number, wave.label, wave.planned.length])

test('shares are cumulative, and the last wave takes the rest', () => {
  assert.deepEqual(sizes(tenants(1_000), { count: 1 }, { percent: 5 }, { percent: 100 }), [
    [1, '1', 1],
    [2, '5%', 49],
    [3, '100%', 950],
  ])
  assert.deepEqual(sizes(tenants(10), { count: 4 }), [
    [1, '4', 4],
    [2, '100%', 6],
  ])
  assert.deepEqual(sizes(tenants(3)), [[1, '100%', 3]])
})

test('small fleets have fewer waves, and none is empty', () => {
  assert.deepEqual(sizes(tenants(1), { count: 1 }, { percent: 5 }), [[1, '100%', 1]])
  assert.deepEqual(sizes(tenants(10), { percent: 10 }, { percent: 5 }), [
    [1, '10%', 1],
    [2, '100%', 9],
  ])
  assert.deepEqual(sizes([], { count: 1 }), [])
})

test("a tenant's targets stay together, and services without tenants go first", () => {
  const planned = [plan('shop', 'a'), plan('auth', null), plan('shop', 'b'), plan('stock', 'a')]
  const waves = planWaves(planned, [{ count: 1 }])
  assert.deepEqual(
    waves.map((wave) => wave.planned.map(({ target }) => `${target.service}/${target.tenant}`)),
    [['auth/null', 'shop/a', 'stock/a'], ['shop/b']],
  )
})

test('without tenants, shares count targets', () => {
  assert.deepEqual(sizes([plan('a', null), plan('b', null), plan('c', null)], { count: 1 }), [
    [1, '1', 1],
    [2, '100%', 2],
  ])
})
