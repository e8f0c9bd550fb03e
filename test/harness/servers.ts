import { appendFile, chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  homeLayout,
  livingPostmaster,
  processIdentity,
  program,
  readState,
  runProgram,
  serverAccount,
  startPostmaster,
} from '../../src/embedded/index.ts'
import { ident, literal, openConnection, sql } from '../../src/postgres/index.ts'
import {
  clusterName,
  clustersDir,
  preparedCluster,
  superuserPassword,
  sweepClusters,
} from './prepared-cluster.ts'
import type { Major, ServerKind } from './server-kinds.ts'
import { watch } from './watchdog.ts'

export { type Admin, type Major, type ServerKind, serverKinds } from './server-kinds.ts'

export interface TestServerOptions extends ServerKind {
  /** With fsync, as benchmarks need it. Default false: it survives a kill of the server, not of the machine. */
  readonly durable?: boolean
  /** Further settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
  /** A folder to put the data directory into, such as a small disk. It must let the server's user in. */
  readonly dataDirOn?: string
}

export interface TestServer extends AsyncDisposable {
  readonly major: Major
  /** Of the admin, in database `postgres`. */
  readonly url: string
  readonly superuserUrl: string
  /** Of `operator_two`, where the admin is `second-operator`. */
  readonly secondOperatorUrl?: string
  readonly port: number
  readonly dataDir: string
  /** Ends it in order; its data stay until the server is disposed of. */
  stop(): Promise<void>
  /** Ends its first process with SIGKILL, as a crash would. */
  kill9(): Promise<void>
  /** Starts it again at the same port, after a stop, a kill or while it runs. */
  restart(): Promise<void>
}

const operatorPassword = 'of-an-operator'
const startTimeoutMs = 60_000
let serial = 0

/**
 * A server of its own, on a free port of 127.0.0.1: roles are of the whole server, so tests that
 * shared one would see each other's. It ends when it is disposed of, or with this process.
 *
 * @throws when the binaries of that version are not installed; never skips
 */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { dataDir: prepared, installed } = await preparedCluster(options.major)
  await sweepClusters()
  const folder = join(options.dataDirOn ?? clustersDir, clusterName(++serial))
  const remove = watch(folder)
  const layout = homeLayout(folder)
  await mkdir(folder)
  await chmod(folder, 0o755)
  await runProgram('cp', ['-a', prepared, layout.dataDir])
  await appendFile(join(layout.dataDir, 'postgresql.conf'), configuration(options))
  const account = await serverAccount(folder)

  const start = () => startPostmaster({ layout, installed, account, deadline: Date.now() + startTimeoutMs })
  const stop = async () => {
    if ((await livingPostmaster(layout.dataDir)) === undefined) return
    const args = ['stop', '--silent', '--mode=fast']
    await runProgram(program(installed, 'pg_ctl'), args, { account, env: { PGDATA: layout.dataDir } })
  }
  await start()
  const port = (await readState(layout))!.port
  const superuserUrl = urlOf('postgres', superuserPassword, port)
  const operators = await createOperators(options, superuserUrl, port)
  return {
    major: options.major,
    url: operators[0] ?? superuserUrl,
    superuserUrl,
    ...(operators[1] === undefined ? {} : { secondOperatorUrl: operators[1] }),
    port,
    dataDir: layout.dataDir,
    stop,
    kill9: () => killServer(layout.dataDir),
    restart: async () => {
      await stop()
      await start()
      const now = (await readState(layout))!.port
      if (now !== port) throw new Error(`Something took port ${port} while the test server was down`)
    },
    [Symbol.asyncDispose]: remove,
  }
}

function configuration({ durable = false, settings = {} }: TestServerOptions): string {
  const all = { ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }), ...settings }
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return `\n${lines.join('\n')}\n`
}

/** @returns the URLs of the operators that this kind of server has */
async function createOperators({ admin }: ServerKind, superuserUrl: string, port: number): Promise<string[]> {
  const names = {
    superuser: [],
    operator: ['operator_one'],
    'second-operator': ['operator_one', 'operator_two'],
  }[admin]
  if (names.length === 0) return []
  const connection = await openConnection(superuserUrl, { applicationName: 'panal test harness' })
  try {
    for (const name of names) {
      await connection.query(
        sql /* SQL */`create role ${ident(name)} login createrole createdb nosuperuser password ${literal(operatorPassword)}`,
      )
    }
  } finally {
    await connection.close()
  }
  return names.map((name) => urlOf(name, operatorPassword, port))
}

const urlOf = (user: string, password: string, port: number): string =>
  `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`

async function killServer(dataDir: string): Promise<void> {
  const server = await livingPostmaster(dataDir)
  if (server === undefined) throw new Error(`No server of ${dataDir} lives`)
  process.kill(server.pid, 'SIGKILL')
  while (processIdentity(server.pid) !== undefined) await sleep(5)
}
