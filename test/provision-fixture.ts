import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type ApplyOptions,
  type ApplyResult,
  applyPlatform,
  buildPlatform,
  ensureControl,
  type PlatformPlan,
  planPlatform,
} from '../src/control/apply/index.ts'
import type { ControlContext } from '../src/control/context/index.ts'
import { Databases } from '../src/control/databases/index.ts'
import { environmentSecretProvider, type SecretProvider } from '../src/control/secrets/index.ts'
import {
  type ConfigDefinition,
  resolveConfig,
  resolveSystem,
  type SystemDefinition,
} from '../src/model/index.ts'
import { type Connection, openConnection, withDatabase } from '../src/postgres/index.ts'
import type { ServerKind } from './harness/server-kinds.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

/** One key for all tests: what it opens lives as long as the test. */
export const TEST_MASTER_KEY = '8f1e9d3c7b5a49f2a1c0e3d5b7f90214c6d8e0f1a2b3c4d5e6f708192a3b4c5d'

export interface PlatformDescription {
  readonly systems: readonly SystemDefinition<string>[]
  /** Everything of the configuration but the systems. */
  readonly config?: Omit<ConfigDefinition, 'systems'>
  readonly secrets?: SecretProvider
}

/** A described platform, and the operations on it that tests compare. */
export interface TestPlatform {
  readonly context: ControlContext
  plan(options?: Parameters<typeof planPlatform>[1]): Promise<PlatformPlan>
  apply(options?: ApplyOptions): Promise<ApplyResult>
}

/** A server of the given kind with whoever may provision it, and a folder for systems. */
export interface ProvisionFixture extends AsyncDisposable {
  readonly server: TestServer
  /** Of the operator who does the work: the second one, once the first has prepared the server. */
  readonly operatorUrl: string
  readonly superuser: boolean
  /** Where the systems' files are written. */
  readonly folder: string
  describe(description: PlatformDescription, operatorUrl?: string): TestPlatform
  /** Writes files of a system: `campus/auth/migrations/001_users.sql`; null removes one. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>
  /** A superuser's connection to a database; closed with the fixture. */
  open(database: string): Promise<Connection>
}

export async function startProvisionFixture(kind: ServerKind): Promise<ProvisionFixture> {
  const server = await startTestServer(kind)
  const folder = await temporaryFolder()
  const opened = new Map<string, Promise<Connection>>()
  const open = (database: string): Promise<Connection> => {
    const found = opened.get(database) ?? openConnection(withDatabase(server.superuserUrl, database))
    opened.set(database, found)
    return found
  }
  const operatorUrl = server.secondOperatorUrl ?? server.url
  if (server.secondOperatorUrl !== undefined) await admitSecondOperator(server, open)
  return {
    server,
    operatorUrl,
    superuser: kind.admin === 'superuser',
    folder: folder.path,
    open,
    describe: (description, url = operatorUrl) => describePlatform(folder.path, description, url),
    write: (files) => writeFiles(folder.path, files),
    [Symbol.asyncDispose]: async () => {
      for (const connection of opened.values()) await (await connection).close()
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Writes files below a folder; null removes one. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true })
    if (text === null) await rm(full)
    else await writeFile(full, text)
  }
}

/** A platform whose files stand in a folder, operated by whoever the URL names. */
export function describePlatform(
  folder: string,
  { systems, config = {}, secrets }: PlatformDescription,
  url: string,
): TestPlatform {
  const resolved = systems.map((system) => resolveSystem(system, join(folder, system.name, 'system.ts')))
  const joined = resolveConfig({ ...config, systems: [] }, join(folder, 'panal.config.ts'), resolved)
  const context: ControlContext = {
    config: joined,
    databases: new Databases(joined, url),
    secrets: secrets ?? environmentSecretProvider(TEST_MASTER_KEY),
    onProgress: () => {},
    signal: new AbortController().signal,
  }
  return {
    context,
    plan: (options) => planPlatform(context, options),
    apply: (options) => applyPlatform(context, options),
  }
}

/** The first operator prepares the server and lets the second one act as the control role, as the documentation says. */
async function admitSecondOperator(
  server: TestServer,
  open: (database: string) => Promise<Connection>,
): Promise<void> {
  const { context } = describePlatform('/', { systems: [] }, server.url)
  await ensureControl(context, buildPlatform(context.config, [], {}))
  await using first = await openConnection(server.url)
  const options = server.major >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''
  await first.script(`GRANT panal_control TO operator_two${options}`)
  await open('postgres')
}
