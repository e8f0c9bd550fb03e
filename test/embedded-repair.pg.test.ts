import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  embeddedStatus,
  livingPostmaster,
  processIdentity,
  runProgram,
  startEmbedded,
  stopEmbedded,
} from '../src/embedded/index.ts'
import { openConnection, sql } from '../src/postgres/index.ts'
import { preparedCluster } from './harness/prepared-cluster.ts'
import { startTestServer } from './harness/servers.ts'
import { temporaryHome } from './harness/temporary-home.ts'

test('a server killed with -9 is started again, recovers, and has what was committed', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const { url } = await startEmbedded(home)
  await using writer = await openConnection(url)
  await writer.query(sql /* SQL */`create table committed as select generate_series(1, 300000) as id`)
  await killServer(home)
  const server = await startEmbedded(home)
  assert.equal(server.started, true)
  await using reader = await openConnection(server.url)
  assert.deepEqual(await reader.query(sql /* SQL */`select count(*)::int as n from committed`), [
    { n: 300_000 },
  ])
  assert.match(await readFile(join(home, 'server.log'), 'utf8'), /redo done/)
})

test('a busy process that outlived its killed server does not keep the next one from starting', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const { url } = await startEmbedded(home)
  const connection = await openConnection(url)
  const [own] = await connection.query(sql /* SQL */`select pg_backend_pid() as pid`)
  const pid = Number(own?.pid)
  const busy = connection.query(sql /* SQL */`select count(*) from generate_series(1, 100000000000)`)
  const failed = assert.rejects(busy)
  await sleep(300)
  await killServer(home)
  await sleep(300)
  assert.notEqual(processIdentity(pid), undefined, 'the process is to outlive its server')
  assert.equal((await startEmbedded(home)).started, true)
  assert.equal(processIdentity(pid), undefined)
  await failed
  await connection.close()
})

test('a postmaster.pid whose pid is free or somebody else’s by now is no server', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const { dataDir, port } = await startEmbedded(home)
  const written = await readFile(join(dataDir, 'postmaster.pid'), 'utf8')
  await stopEmbedded(home)
  const { uid, gid } = await stat(dataDir)
  // Of the server's user, since PostgreSQL itself takes the processes of others for strangers.
  const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' })
  try {
    for (const pid of [4_194_305, stranger.pid!]) {
      await writeFile(join(dataDir, 'postmaster.pid'), written.replace(/^\d+/, String(pid)))
      assert.equal((await embeddedStatus(home)).running, false)
      const server = await startEmbedded(home)
      assert.equal(server.started, true)
      assert.equal(server.port, port)
      await stopEmbedded(home)
    }
    assert.equal(stranger.exitCode, null, 'the stranger is left alone')
  } finally {
    await ended(stranger)
  }
})

test('a postmaster.pid that points at another living server is no proof either', async () => {
  await using folder = await temporaryHome()
  await using other = await startTestServer({ major: 18, admin: 'superuser' })
  const { home } = folder
  const { dataDir, port } = await startEmbedded(home)
  await stopEmbedded(home)
  const foreign = await readFile(join(other.dataDir, 'postmaster.pid'), 'utf8')
  await writeFile(join(dataDir, 'postmaster.pid'), foreign)
  assert.equal((await embeddedStatus(home)).running, false)
  const server = await startEmbedded(home)
  assert.equal(server.port, port)
  assert.equal(server.dataDir, dataDir)
  await using connection = await openConnection(other.url)
  assert.deepEqual(await connection.query(sql /* SQL */`select 1 as one`), [{ one: 1 }])
})

test('a data directory of another major version is refused and left as it is', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const data = join(home, 'data')
  const { dataDir: of15 } = await preparedCluster(15)
  await mkdir(home)
  await runProgram('cp', ['-a', of15, data])
  await assert.rejects(startEmbedded(home), {
    code: 'PANAL_EMBEDDED_VERSION',
    exitCode: 3,
    message: `the data directory ${data} belongs to PostgreSQL 15; this Panal carries PostgreSQL 18, which cannot read it`,
    remedy: `Use the version of Panal that made it, or convert it with pg_upgrade; or move ${data} away to begin with an empty server.`,
  })
  assert.equal(await readFile(join(data, 'PG_VERSION'), 'utf8'), '15\n')
  await rm(data, { recursive: true })
  assert.match((await startEmbedded(home)).version, /^18\./)
})

test('a password file that is lost or wrong is named, whether the server runs or not', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const path = join(home, 'password')
  const server = await startEmbedded(home)
  const password = await readFile(path, 'utf8')
  const wrong = { code: 'PANAL_EMBEDDED_PASSWORD', exitCode: 3, message: /password holds another password$/ }
  const missing = { code: 'PANAL_EMBEDDED_PASSWORD', exitCode: 3, message: /password is missing$/ }
  await writeFile(path, 'another')
  await assert.rejects(startEmbedded(home), wrong)
  await assert.rejects(embeddedStatus(home), wrong)
  await rm(path)
  await assert.rejects(startEmbedded(home), missing)
  await stopEmbedded(home)
  await assert.rejects(startEmbedded(home), missing)
  await writeFile(path, password)
  assert.equal((await startEmbedded(home)).url, server.url)
})

test('a data directory without PG_VERSION is not overwritten', async () => {
  await using folder = await temporaryHome()
  await mkdir(join(folder.home, 'data'), { recursive: true })
  await writeFile(join(folder.home, 'data', 'precious'), 'kept')
  await assert.rejects(startEmbedded(folder.home), {
    code: 'PANAL_EMBEDDED_HOME',
    exitCode: 3,
    message: /data holds files, but no PostgreSQL data directory: its PG_VERSION is missing/,
    remedy: /move that folder away/,
  })
  assert.equal(await readFile(join(folder.home, 'data', 'precious'), 'utf8'), 'kept')
})

test('a server that ends by itself is quoted', async () => {
  await using folder = await temporaryHome()
  const { dataDir } = await startEmbedded(folder.home)
  await stopEmbedded(folder.home)
  await appendFile(join(dataDir, 'postgresql.conf'), '\nshared_buffers = nonsense\n')
  await assert.rejects(startEmbedded(folder.home), (error: Error & { code: string; details: string[] }) => {
    assert.equal(error.code, 'PANAL_EMBEDDED_START')
    assert.match(error.message, /does not start: pg_ctl ended with exit code 1$/)
    assert.match(error.details.join('\n'), /invalid value for parameter "shared_buffers": "nonsense"/)
    return true
  })
})

async function killServer(home: string): Promise<void> {
  const server = await livingPostmaster(join(home, 'data'))
  process.kill(server!.pid, 'SIGKILL')
  while (processIdentity(server!.pid) !== undefined) await sleep(5)
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve())
    child.kill()
  })
}
