import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withHomeLock } from './home-lock.ts'
import { processIdentity } from './process-identity.ts'

test('nobody enters while a living process is inside, though holders are killed at random', async () => {
  await using home = await temporaryHome()
  const contenders = new Set<ChildProcess>()
  const failures: string[] = []
  const begin = () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', contender, home.path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    contenders.add(child)
    child.stderr.setEncoding('utf8').on('data', (text: string) => failures.push(text))
    child.on('exit', () => contenders.delete(child))
  }
  const until = Date.now() + 4_000
  let kills = 0
  while (Date.now() < until) {
    while (contenders.size < 4) begin()
    await sleep(60)
    const holder = await readFile(join(home.path, 'inside'), 'utf8').catch(() => '')
    const victim = [...contenders].find(({ pid }) => String(pid) === holder)
    if (victim?.kill('SIGKILL')) kills++
  }
  const all = [...contenders]
  await Promise.all(all.map((child) => new Promise((resolve) => child.once('exit', resolve).kill())))
  const entries = (await readFile(join(home.path, 'entries'), 'utf8')).length
  assert.deepEqual(failures, [])
  assert.ok(kills >= 5, `only ${kills} holders were killed inside`)
  assert.ok(entries > kills, `${entries} entries, ${kills} kills`)
  const locks = (await readdir(home.path)).filter((name) => name.startsWith('lock-'))
  assert.ok(locks.length <= 2, `${locks.length} lock files are left`)
})

/** Enters again and again; says so on standard error when a living process is inside already. */
const contender = `
  import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
  const { withHomeLock } = await import(${JSON.stringify(new URL('home-lock.ts', import.meta.url).href)})
  const { processIdentity } = await import(${JSON.stringify(new URL('process-identity.ts', import.meta.url).href)})
  const [home] = process.argv.slice(1)
  const inside = home + '/inside'
  for (;;) await withHomeLock(home, 10_000, async () => {
    let other = 0
    try { other = Number(readFileSync(inside, 'utf8')) } catch {}
    if (other > 0 && processIdentity(other) !== undefined) console.error(process.pid + ' met ' + other)
    writeFileSync(inside, String(process.pid))
    appendFileSync(home + '/entries', '.')
    await new Promise((resolve) => setTimeout(resolve, 5))
    rmSync(inside, { force: true })
  })
`

test('a living holder is waited for and then named; one whose pid is another process’s by now is not', async () => {
  await using home = await temporaryHome()
  const identity = processIdentity(process.pid)
  const lock = join(home.path, 'lock-3')
  await writeFile(lock, JSON.stringify({ pid: process.pid, identity }))
  await assert.rejects(
    withHomeLock(home.path, 100, async () => 'not reached'),
    {
      code: 'PANAL_EMBEDDED_BUSY',
      exitCode: 3,
      message: new RegExp(`^process ${process.pid} has been starting .* for more than 0.1 s$`),
    },
  )
  await writeFile(lock, JSON.stringify({ pid: process.pid, identity: `${identity} earlier` }))
  assert.equal(await withHomeLock(home.path, 100, async () => 'reached'), 'reached')
  assert.deepEqual(await readdir(home.path), ['lock-4'])
})

test('the lock is free after work that failed', async () => {
  await using home = await temporaryHome()
  const failure = new Error('of the work')
  await assert.rejects(
    withHomeLock(home.path, 100, async () => {
      throw failure
    }),
    failure,
  )
  assert.equal(await withHomeLock(home.path, 100, async () => 1), 1)
})

async function temporaryHome() {
  const path = await mkdtemp(join(tmpdir(), 'panal-lock-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
