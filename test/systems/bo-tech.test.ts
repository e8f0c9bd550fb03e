import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { registerPanal } from '../../src/cli/config/register-panal.ts'
import { resolveSystem, type SystemDefinition } from '../../src/model/index.ts'

test('BOT-01: bo-tech describes a schema and a login per tenant, under the names of the document', async () => {
  const url = new URL('../../systems/bo-tech/system.ts', import.meta.url).href
  registerPanal(url)
  const { default: definition } = (await import(url)) as { default: SystemDefinition<string> }
  const system = resolveSystem(definition, fileURLToPath(url))
  assert.equal(system.name, 'bo-tech')
  assert.equal(system.database, 'bo_tech')
  const [shop, ...others] = system.services
  assert.equal(others.length, 0)
  assert.ok(shop?.tenancy.kind === 'schema')
  assert.equal(shop.tenancy.schema('farmacruz'), 'schema_farmacruz')
  assert.equal(shop.tenancy.login('farmacruz'), 'user_farmacruz')
  // BOT-D11: one tenant alone stays under the 15 connections at which the document wants to be warned.
  assert.ok(shop.limits.connections > 0 && shop.limits.connections < 15)
})
