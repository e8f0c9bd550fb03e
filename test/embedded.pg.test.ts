import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type EmbeddedServer,
  embeddedStatus,
  findBinaries,
  livingPostmaster,
  startEmbedded,
  stopEmbedded,
} from '../src/embedded/index.ts'
import { openConnection, sql, withCredentials } from '../src/postgres/index.ts'
import { mayRunOurCode, type Outcome, startInProcess } from './harness/start-in-process.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'
import { temporaryHome } from './harness/temporary-home.ts'

const asRoot = process.getuid?.() === 0
/** An ordinary user that every Linux and macOS has. */
const daemon = 1

test('a first start makes a durable server that asks for a password, a second one reuses it', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  assert.deepEqual(await embeddedStatus(home), {
    running: false,
    url: null,
    port: null,
    dataDir: join(home, 'data'),
    version: null,
  })

  const steps: string[] = []
  const server = await startEmbedded(home, { onStep: (step) => steps.push(step) })
  assert.equal(server.started, true)
  assert.match(server.version, /^18\./)
  assert.match(
    server.url,
    new RegExp(`^postgresql://postgres:[^:@/]+@127\\.0\\.0\\.1:${server.port}/postgres$`),
  )
  assert.equal(steps.length, 2)
  assert.equal((await stat(join(home, 'password'))).mode & 0o777, 0o600)

  await using connection = await openConnection(server.url)
  assert.deepEqual(
    await connection
      .query(sql /* SQL */`
      select name, setting from pg_settings where name in (
        'fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'max_connections',
        'listen_addresses', 'server_encoding', 'password_encryption')
      order by name
    `)
      .then((rows) => rows.map(({ name, setting }) => `${name}=${setting}`)),
    [
      'data_checksums=on',
      'fsync=on',
      'full_page_writes=on',
      'listen_addresses=127.0.0.1',
      'max_connections=100',
      'password_encryption=scram-sha-256',
      'server_encoding=UTF8',
      'synchronous_commit=on',
    ],
  )
  const methods = await connection.query(sql /* SQL */`select distinct auth_method from pg_hba_file_rules`)
  assert.deepEqual(methods, [{ auth_method: 'scram-sha-256' }])
  await assert.rejects(openConnection(withCredentials(server.url, 'postgres', 'wrong')), {
    code: 'PANAL_AUTHENTICATION_FAILED',
  })

  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const begin = performance.now()
    assert.deepEqual(await startEmbedded(home), { ...server, started: false })
    times.push(performance.now() - begin)
  }
  assert.ok(Math.min(...times) < 50, `a reuse took ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`)
  assert.deepEqual(await embeddedStatus(home), { ...server, started: false })
})

test('the server does not inherit secrets of the environment', async () => {
  process.env.PANAL_SECRET_OF_THIS_TEST = 'never to be seen'
  await using folder = await temporaryHome()
  await startEmbedded(folder.home)
  const server = await livingPostmaster(join(folder.home, 'data'))
  if (process.platform !== 'linux') return
  const environment = await readFile(`/proc/${server?.pid}/environ`, 'utf8')
  assert.match(environment, /PGDATA=/)
  assert.doesNotMatch(environment, /PANAL_SECRET/)
})

test('as root the server runs unprivileged', { skip: !asRoot && 'this is not root' }, async () => {
  await using folder = await temporaryHome()
  await startEmbedded(folder.home)
  const server = await livingPostmaster(join(folder.home, 'data'))
  const status = await readFile(`/proc/${server?.pid}/status`, 'utf8')
  assert.match(status, /^Uid:\s+65534\s+65534\s+65534\s+65534$/m)
  assert.match(status, /^Gid:\s+65534\s+65534\s+65534\s+65534$/m)
  assert.match(status, /^Groups:\s*$/m)
})

test('an ordinary user runs it plainly, and root after that as this user', async (t) => {
  if (!asRoot) return t.skip('only root can become another user; the other tests run as an ordinary one')
  if (!(await mayRunOurCode(daemon))) return t.skip('another user may not read this clone')
  await using folder = await temporaryHome(daemon)
  const server = running(await startInProcess(folder.home, daemon).outcome)
  assert.equal((await stat(folder.home)).mode & 0o777, 0o700)
  assert.equal(await uidOfServer(folder.home), daemon)

  await stopEmbedded(folder.home)
  assert.equal((await startEmbedded(folder.home)).port, server.port)
  assert.equal(await uidOfServer(folder.home), daemon)
  await stopEmbedded(folder.home)
  assert.equal(running(await startInProcess(folder.home, daemon).outcome).started, true)
})

test('a stopped server keeps its port and its data; a port taken meanwhile is replaced for good', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const first = await startEmbedded(home)
  await execute(first.url, sql /* SQL */`create table kept (id int)`)
  assert.deepEqual(await stopEmbedded(home), {
    running: false,
    url: null,
    port: first.port,
    dataDir: first.dataDir,
    version: '18',
    stopped: true,
  })
  assert.equal((await stopEmbedded(home)).stopped, false)
  assert.equal((await embeddedStatus(home)).running, false)
  assert.deepEqual(await startEmbedded(home), first)
  await stopEmbedded(home)

  const stranger = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => stranger.listen(first.port, '127.0.0.1', resolve))
  const second = await startEmbedded(home).finally(() => stranger.close())
  assert.notEqual(second.port, first.port)
  await execute(second.url, sql /* SQL */`drop table kept`)
  await stopEmbedded(home)
  assert.equal((await startEmbedded(home)).port, second.port)
})

test('four processes that start at once share one server, though the last starter died', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => startInProcess(home).outcome))
  assertShared(outcomes)

  await stopEmbedded(home)
  // No process has this pid: it is above the highest that Linux gives.
  await writeFile(join(home, 'lock-9'), JSON.stringify({ pid: 4_194_305, identity: 'of a dead process' }))
  assertShared(await Promise.all(Array.from({ length: 4 }, () => startInProcess(home).outcome)))
})

test('a starter that is killed leaves nothing in the way', async () => {
  for (const afterMs of [150, 350, 550]) {
    await using folder = await temporaryHome()
    const starter = startInProcess(folder.home)
    await sleep(afterMs)
    starter.process.kill('SIGKILL')
    await starter.outcome.catch(() => {})
    const server = await startEmbedded(folder.home)
    await execute(server.url, sql /* SQL */`create table works (id int)`)
    const names = await readdir(folder.home)
    assert.deepEqual(
      names.filter((name) => name.startsWith('temporary-')),
      [],
    )
  }
})

test('a home that cannot be written or reached is named', async (t) => {
  await using folder = await temporaryFolder()
  const closed = join(folder.path, 'closed')
  await mkdir(closed, { mode: 0o500 })
  const home = join(closed, 'home')
  if (asRoot) {
    await chmod(closed, 0o700)
    await assert.rejects(startEmbedded(home), {
      code: 'PANAL_EMBEDDED_HOME',
      exitCode: 3,
      message: `the folder ${home} cannot be used: as root, PostgreSQL runs as an unprivileged user, who may not enter ${closed}`,
      remedy: 'Name another folder in PANAL_HOME, or none: the default is /var/lib/panal.',
    })
  } else {
    await assert.rejects(startEmbedded(home), { code: 'PANAL_EMBEDDED_HOME', message: /EACCES.*closed/ })
  }
  await writeFile(join(folder.path, 'file'), '')
  await assert.rejects(startEmbedded(join(folder.path, 'file', 'home')), {
    code: 'PANAL_EMBEDDED_HOME',
    message: /ENOTDIR/,
  })
  await assert.rejects(startEmbedded(join(folder.path, 'a"b')), {
    code: 'PANAL_EMBEDDED_HOME',
    message: /its path has the character/,
  })
  if (!asRoot || !(await mayRunOurCode(daemon))) return t.diagnostic('not tried as another user')
  const outcome = await startInProcess(join(folder.path, 'not-mine'), daemon).outcome
  assert.ok('code' in outcome)
  assert.equal(outcome.code, 'PANAL_EMBEDDED_HOME')
  assert.equal(outcome.exitCode, 3)
  assert.match(outcome.message, /not-mine cannot be used: EACCES/)
})

test('a machine without binaries is told which ones there are', async () => {
  await assert.rejects(findBinaries('sunos', 'mips'), {
    code: 'PANAL_EMBEDDED_PLATFORM',
    exitCode: 3,
    message: /no embedded PostgreSQL for sunos-mips, only for darwin-arm64, .*linux-x64/,
    remedy: /DATABASE_URL/,
  })
  const absent = process.platform === 'darwin' ? 'linux' : 'darwin'
  await assert.rejects(findBinaries(absent, 'x64'), {
    code: 'PANAL_EMBEDDED_PLATFORM',
    message: /is not installed/,
  })
})

function running(outcome: Outcome): EmbeddedServer {
  assert.ok('running' in outcome, JSON.stringify(outcome))
  return outcome
}

function assertShared(outcomes: readonly Outcome[]): void {
  const servers = outcomes.map(running)
  assert.equal(new Set(servers.map(({ url }) => url)).size, 1)
  assert.deepEqual(servers.map(({ started }) => started).sort(), [false, false, false, true])
}

async function uidOfServer(home: string): Promise<number> {
  const server = await livingPostmaster(join(home, 'data'))
  return (await stat(`/proc/${server?.pid}`)).uid
}

async function execute(url: string, statement: ReturnType<typeof sql>): Promise<void> {
  await using connection = await openConnection(url)
  await connection.query(statement)
}
