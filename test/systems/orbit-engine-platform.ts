import { fileURLToPath } from 'node:url'
import { registerPanal } from '../../src/cli/config/register-panal.ts'
import { applyPlatform, isConverged, planPlatform } from '../../src/control/apply/index.ts'
import { type ControlContext, silent } from '../../src/control/context/index.ts'
import { Databases } from '../../src/control/databases/index.ts'
import { runPlatformSeeds } from '../../src/control/operations/index.ts'
import { environmentSecretProvider } from '../../src/control/secrets/index.ts'
import { serviceEnv } from '../../src/control/tenants/index.ts'
import { resolveConfig, resolveSystem } from '../../src/model/index.ts'
import { type Connection, openConnection, withDatabase } from '../../src/postgres/index.ts'
import type { ServerKind } from '../harness/server-kinds.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'

const definitionFile = new URL('../../systems/orbit-engine/system.ts', import.meta.url)

/** OrbitEngine on a server of its own, applied by Panal. */
export interface OrbitPlatform extends AsyncDisposable {
  readonly server: TestServer
  readonly context: ControlContext
  /** A superuser in the system's database, who passes row-level security; path as the owner's. */
  readonly superuser: Connection
  /** Whether a plan made now would do nothing. */
  isConverged(): Promise<boolean>
  seed(scale: number): Promise<void>
  /** A session as the application's login, outside any organization. */
  session(): Promise<Connection>
}

/** Applies the system to a fresh server; with `seed`, at scale 1. */
export async function startOrbitPlatform(
  kind: ServerKind,
  options: { readonly seed?: boolean } = {},
): Promise<OrbitPlatform> {
  registerPanal(definitionFile.href)
  const { default: definition } = (await import(definitionFile.href)) as { default: unknown }
  const config = resolveConfig({ systems: [] }, 'panal.config.ts', [
    resolveSystem(definition, fileURLToPath(definitionFile)),
  ])
  const server = await startTestServer(kind)
  const context: ControlContext = {
    config,
    databases: new Databases(config, server.url),
    secrets: environmentSecretProvider('0b'.repeat(32)),
    onProgress: silent,
    signal: new AbortController().signal,
  }
  const { failed } = await applyPlatform(context, { seed: options.seed ?? false })
  if (failed.length > 0) throw new Error(failed.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  const superuser = await openConnection(withDatabase(server.superuserUrl, 'orbit_engine'))
  await superuser.script('set search_path = app, extensions')
  return {
    server,
    context,
    superuser,
    isConverged: async () => isConverged(await planPlatform(context)),
    seed: async (scale) => {
      await runPlatformSeeds(context, { scale })
    },
    session: async () => {
      const { DATABASE_URL: url } = await serviceEnv(context, { system: 'orbit-engine', service: 'app' })
      return await openConnection(url)
    },
    [Symbol.asyncDispose]: async () => {
      await superuser.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
