import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { applyPlatform } from '../src/control/apply/index.ts'
import { type ControlContext, silent } from '../src/control/context/index.ts'
import { Databases } from '../src/control/databases/index.ts'
import { environmentSecretProvider } from '../src/control/secrets/index.ts'
import { createTenants } from '../src/control/tenants/index.ts'
import { resolveConfig, resolveSystem } from '../src/model/index.ts'
import type { ServerKind } from './harness/server-kinds.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

/** A provisioned platform with one system `market`, whose service `shop` has a schema per tenant. */
export interface FleetPlatform extends AsyncDisposable {
  readonly server: TestServer
  readonly context: ControlContext
  /** Writes a migration of the service. */
  write(name: string, text: string): Promise<void>
  createTenants(slugs: readonly string[]): Promise<void>
}

export async function startFleetPlatform(kind: ServerKind): Promise<FleetPlatform> {
  const server = await startTestServer(kind)
  const folder = await temporaryFolder()
  const file = join(folder.path, 'market/system.ts')
  const write = async (name: string, text: string): Promise<void> => {
    const path = join(dirname(file), 'shop/migrations', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  await write('001_orders.sql', 'CREATE TABLE orders (id int PRIMARY KEY, channel text);')
  const schema = (slug: string): string => `shop_${slug}`
  const login = (slug: string): string => `user_${slug}`
  const definition = {
    name: 'market',
    services: { shop: { tenancy: { kind: 'schema' as const, schema, login } } },
  }
  const config = resolveConfig({ systems: [] }, 'panal.config.ts', [resolveSystem(definition, file)])
  const context: ControlContext = {
    config,
    databases: new Databases(config, server.url),
    secrets: environmentSecretProvider('5a'.repeat(32)),
    onProgress: silent,
    signal: new AbortController().signal,
  }
  await applyPlatform(context)
  return {
    server,
    context,
    write,
    createTenants: async (slugs) => {
      const { failed } = await createTenants(context, { system: 'market', slugs })
      if (failed.length > 0) throw new Error(`${failed[0]?.message}`)
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** `t1` to `tN`. */
export const slugs = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index + 1}`)
