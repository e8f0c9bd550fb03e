import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveSystem } from '../../model/index.ts'
import type { PolicyFacts, RowTableFacts } from '../catalog/index.ts'
import { wideningPolicies } from './row-policies.ts'

const system = resolveSystem(
  {
    name: 'x',
    services: {
      app: { tenancy: { kind: 'row', key: 'k', setting: 'a.k', root: 'r' }, definers: ['meant'] },
    },
  },
  '/x/system.ts',
)

const isWidening = (facts: Partial<PolicyFacts>, keyless: string | null): boolean => {
  const policy: PolicyFacts = {
    name: 'p',
    command: 'insert',
    permissive: true,
    roles: ['app'],
    using: null,
    check: null,
    ...facts,
  }
  const table: RowTableFacts = {
    name: 't',
    partition: false,
    columns: new Map(),
    enabled: true,
    forced: true,
    policies: [policy],
  }
  return wideningPolicies(system.services[0]!, table, keyless).length > 0
}

test('a permissive policy widens, a restrictive or listed one does not', () => {
  assert.equal(isWidening({ command: 'select', using: 'true' }, null), true)
  assert.equal(isWidening({ command: 'select', using: 'true', permissive: false }, null), false)
  assert.equal(isWidening({ command: 'select', using: 'true', name: 'meant' }, null), false)
  assert.equal(isWidening({ name: 'panal_tenant' }, null), false)
})

test('an INSERT policy that admits rows of nobody alone widens nothing', () => {
  const admitted = ['(k IS NULL)', '((k IS NULL) AND (old IS NULL))', '((a > 1) AND (k IS NULL))']
  for (const check of admitted) {
    assert.equal(isWidening({ check }, 'k'), false, check)
    assert.equal(isWidening({ check }, null), true, 'where the key may not be null')
    assert.equal(isWidening({ check, command: 'all' }, 'k'), true, 'for other commands')
  }
})

test('a check that only looks so widens', () => {
  const others = [
    'true',
    '(kk IS NULL)',
    '((k IS NULL) = false)',
    '((k IS NULL) OR (a > 1))',
    '(((k IS NULL) AND (a > 1)) OR (b > 1))',
    '(((k IS NULL) AND false) = false)',
    "((k IS NULL) AND (a = ') OR (true'::text))",
    '(NOT (k IS NULL))',
    'f((k IS NULL))',
  ]
  for (const check of others) assert.equal(isWidening({ check }, 'k'), true, check)
})
