import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '../../src/embedded/index.ts'
import { openConnection, sql } from '../../src/postgres/index.ts'
import { serverKinds, startTestServer } from './servers.ts'

const allRoles = sql /* SQL */`
  select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname !~ '^pg_' order by rolname
`

test('an operator is no superuser, and a second one is no member of the first', async () => {
  for (const major of [18, 15] as const) {
    await using server = await startTestServer({ major, admin: 'second-operator' })
    await using one = await openConnection(server.url)
    await using two = await openConnection(server.secondOperatorUrl!)
    const operator = { rolsuper: false, rolcreaterole: true, rolcreatedb: true }
    assert.deepEqual(await one.query(allRoles), [
      { rolname: 'operator_one', ...operator },
      { rolname: 'operator_two', ...operator },
      { rolname: 'postgres', rolsuper: true, rolcreaterole: true, rolcreatedb: true },
    ])
    assert.deepEqual(
      await two.query(sql /* SQL */`
        select current_user::text as name, pg_has_role('operator_one', 'member') as member,
          current_setting('server_version_num')::int / 10000 as major
      `),
      [{ name: 'operator_two', member: false, major }],
    )
  }
})

test('a server keeps its port and what was committed over kill -9, stop and restart', async () => {
  await using server = await startTestServer({
    major: 18,
    admin: 'superuser',
    durable: true,
    settings: { cluster_name: "it's a test" },
  })
  const ask = async () => {
    await using connection = await openConnection(server.url)
    return await connection.query(sql /* SQL */`
      select count(*)::int as n, current_setting('fsync') as fsync, current_setting('cluster_name') as name from kept
    `)
  }
  await using connection = await openConnection(server.url)
  await connection.query(sql /* SQL */`create table kept as select 1 as id`)
  const before = await ask()
  assert.deepEqual(before, [{ n: 1, fsync: 'on', name: "it's a test" }])
  await server.kill9()
  await assert.rejects(ask(), { code: 'PANAL_DATABASE_UNREACHABLE' })
  await server.restart()
  assert.deepEqual(await ask(), before)
  await server.stop()
  await assert.rejects(ask(), { code: 'PANAL_DATABASE_UNREACHABLE' })
  await server.restart()
  await server.restart()
  assert.deepEqual(await ask(), before)
})

test('a server ends with its test process, even one that is killed', async () => {
  const script = `
    const { startTestServer } = await import(${JSON.stringify(new URL('servers.ts', import.meta.url).href)})
    const { readFileSync } = await import('node:fs')
    const server = await startTestServer({ major: 18, admin: 'superuser' })
    console.log(readFileSync(server.dataDir + '/postmaster.pid', 'utf8').split('\\n')[0])
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  assert.notEqual(processIdentity(pid), undefined)
  child.kill('SIGKILL')
  for (let round = 0; processIdentity(pid) !== undefined && round < 100; round++) await sleep(50)
  assert.equal(processIdentity(pid), undefined, 'the server outlived its test process by 5 s')
})

test('PANAL_TEST_SERVERS is read, and a name that it does not know is refused', () => {
  assert.deepEqual(serverKinds('18-superuser, 15-operator'), [
    { major: 18, admin: 'superuser' },
    { major: 15, admin: 'operator' },
  ])
  assert.equal(serverKinds('all').length, 6)
  assert.throws(
    () => serverKinds('14-superuser'),
    /PANAL_TEST_SERVERS names "14-superuser"; there are 18-superuser/,
  )
})
