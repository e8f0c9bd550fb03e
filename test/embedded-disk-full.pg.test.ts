import assert from 'node:assert/strict'
import { readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { livingPostmaster, startEmbedded, stopEmbedded } from '../src/embedded/index.ts'
import { openConnection, sql } from '../src/postgres/index.ts'
import { smallDisk } from './harness/small-disk.ts'
import { temporaryHome } from './harness/temporary-home.ts'

/** The binaries take 60 MB, an empty data directory 40 MB. */
const enoughMegabytes = 300

for (const [megabytes, what] of [
  [20, 'the binaries'],
  [80, 'a new data directory'],
] as const) {
  test(`a disk without room for ${what}`, async (t) => {
    await using folder = await temporaryHome()
    const { home } = folder
    await using disk = await mounted(home, megabytes)
    if (typeof disk.small === 'string') return t.skip(disk.small)
    await assert.rejects(startEmbedded(home), diskFull(home))
    const left = await readdir(home, { recursive: true })
    assert.deepEqual(
      left.filter((name) => name.includes('temporary-') || name.startsWith('data')),
      [],
    )
    disk.small.resize(enoughMegabytes)
    assert.equal((await startEmbedded(home)).started, true)
  })
}

test('a disk that became full while the server was stopped, or ran and was killed', async (t) => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using disk = await mounted(home, enoughMegabytes)
  if (typeof disk.small === 'string') return t.skip(disk.small)
  const { url } = await startEmbedded(home)
  const connection = await openConnection(url)
  await connection.query(sql /* SQL */`create table kept as select generate_series(1, 1000) as id`)
  await connection.close()
  await stopEmbedded(home)

  await fill(home)
  await assert.rejects(startEmbedded(home), diskFull(home))
  await empty(home)
  await startEmbedded(home)

  await fill(home)
  assert.equal((await startEmbedded(home)).started, false, 'a server that runs is found without a byte')
  process.kill((await livingPostmaster(join(home, 'data')))!.pid, 'SIGKILL')
  await assert.rejects(startEmbedded(home), diskFull(home))
  await empty(home)
  const server = await startEmbedded(home)
  await using reader = await openConnection(server.url)
  assert.deepEqual(await reader.query(sql /* SQL */`select count(*)::int as n from kept`), [{ n: 1000 }])

  await fill(home)
  assert.equal((await stopEmbedded(home)).stopped, true, 'stopping takes no space')
})

/** A disk at the home's parent, so that the home itself is made as ever; its server ends before it goes. */
async function mounted(home: string, megabytes: number) {
  const small = await smallDisk(dirname(home), megabytes)
  return {
    small,
    [Symbol.asyncDispose]: async () => {
      if (typeof small === 'string') return
      await stopEmbedded(home)
      small[Symbol.dispose]()
    },
  }
}

function diskFull(home: string) {
  return {
    code: 'PANAL_DISK_FULL',
    exitCode: 3,
    message: new RegExp(`^no space for the embedded PostgreSQL: the disk of ${home} is full, \\d+ MB left$`),
    remedy: 'Make room on the disk that the message names, then run the same command again.',
  }
}

/** To the last byte. */
async function fill(home: string): Promise<void> {
  const { bavail, bsize } = await statfs(home)
  await writeFile(join(home, '..', 'filler'), Buffer.alloc(bavail * bsize)).catch((error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC', String(error))
  })
}

async function empty(home: string): Promise<void> {
  await rm(join(home, '..', 'filler'))
}
