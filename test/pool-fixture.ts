import { join } from 'node:path'
import { type ControlContext, silent } from '../src/control/context/index.ts'
import { Databases } from '../src/control/databases/index.ts'
import { environmentSecretProvider } from '../src/control/secrets/index.ts'
import { resolveConfig, resolveSystem, type SystemDefinition } from '../src/model/index.ts'
import { TEST_MASTER_KEY } from './provision-fixture.ts'

/** Shops with two spares, a shared service that they read, rights beyond the defaults and limits. */
export const kiosk = (name: string): SystemDefinition<string> => ({
  name,
  runtime: true,
  services: {
    prices: {},
    shop: {
      tenancy: {
        kind: 'schema',
        schema: (slug) => `${name}_${slug}`,
        login: (slug) => `${name}_user_${slug}`,
        pool: 2,
      },
      reads: ['prices'],
      tables: { journal: ['select', 'insert'] },
      limits: { connections: 7, statementTimeoutMs: 4_000 },
    },
  },
})

/** Its files; `more` goes on the end of a shop's first one. */
export const kioskFiles = (system: string, more = '') => ({
  [`${system}/prices/migrations/001_list.sql`]: 'CREATE TABLE list (id integer PRIMARY KEY, price integer);',
  [`${system}/shop/migrations/001_shop.sql`]: `
    CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total integer NOT NULL);
    CREATE TABLE journal (id serial PRIMARY KEY, what text);
    CREATE FUNCTION orders_count() RETURNS bigint LANGUAGE sql STABLE SET search_path FROM CURRENT
      AS $$ SELECT count(*) FROM orders $$;${more}`,
})

/** What the command line would make of a server and a folder that holds the files. */
export function kioskContext(url: string, folder: string): ControlContext {
  const system = resolveSystem(kiosk('kiosk'), join(folder, 'kiosk/system.ts'))
  const config = resolveConfig({ systems: [] }, join(folder, 'panal.config.ts'), [system])
  return {
    config,
    databases: new Databases(config, url),
    secrets: environmentSecretProvider(TEST_MASTER_KEY),
    onProgress: silent,
    signal: new AbortController().signal,
  }
}
