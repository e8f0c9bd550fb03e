import { join } from 'node:path'
import { type ControlContext, silent } from '../src/control/context/index.ts'
import { Databases } from '../src/control/databases/index.ts'
import { environmentSecretProvider } from '../src/control/secrets/index.ts'
import { defineSystem, resolveConfig, resolveSystem } from '../src/model/index.ts'

const root = join(import.meta.dirname, '..')

/** The files of systems/bo-tech under a model without limits, and a system that has no tenants. */
const boTech = resolveSystem(
  defineSystem({
    name: 'bo-tech',
    database: 'bo_tech',
    services: {
      shop: { tenancy: { kind: 'schema', schema: (t) => `schema_${t}`, login: (t) => `user_${t}` } },
    },
  }),
  join(root, 'systems/bo-tech/system.ts'),
)
const plain = resolveSystem(
  defineSystem({ name: 'plain', services: { app: { migrations: './none', seeds: './none' } } }),
  join(root, 'test/none/system.ts'),
)
const config = resolveConfig({ systems: [] }, 'panal.config.ts', [boTech, plain])

/** What the command line would make of a server, with a master key of the tests' own. */
export const tenantContext = (url: string): ControlContext => ({
  config,
  databases: new Databases(config, url),
  secrets: environmentSecretProvider('5a'.repeat(32)),
  onProgress: silent,
  signal: new AbortController().signal,
})
