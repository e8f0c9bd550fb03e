import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openConnection } from '../src/postgres/index.ts'
import { catalogSnapshot, snapshotDifference } from './catalog-snapshot.ts'
import { campus, campusFiles } from './fixtures/campus.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'
import { refusedAs } from './migrate-fixture.ts'
import { describePlatform, writeFiles } from './provision-fixture.ts'

for (const major of [18, 15] as const) {
  describe(`operators on ${major}`, () => {
    let server: TestServer
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    const options = major >= 16 ? ' WITH INHERIT FALSE, SET TRUE' : ''
    before(async () => {
      server = await startTestServer({ major, admin: 'second-operator' })
      folder = await temporaryFolder()
      await writeFiles(folder.path, campusFiles)
    })
    after(async () => {
      await server?.[Symbol.asyncDispose]()
      await folder?.[Symbol.asyncDispose]()
    })

    test('a login that may not make roles is told what it lacks, before anything changes', async () => {
      await using superuser = await openConnection(server.superuserUrl)
      await superuser.script("CREATE ROLE clerk LOGIN CREATEDB PASSWORD 'of-the-clerk'")
      const url = server.url.replace(/\/\/[^@]*@/, '//clerk:of-the-clerk@')
      const before_ = await catalogSnapshot(superuser)
      const platform = describePlatform(folder.path, { systems: [campus] }, url)
      const lacks = refusedAs('PANAL_OPERATOR_RIGHTS', (error) =>
        assert.match(error.message, /lacks CREATEROLE/),
      )
      await assert.rejects(platform.plan(), lacks)
      await assert.rejects(platform.apply(), lacks)
      assert.deepEqual(snapshotDifference(before_, await catalogSnapshot(superuser)), [])
    })

    test('a second operator whom nobody admitted is given the statement that admits him', async () => {
      const first = describePlatform(folder.path, { systems: [campus] }, server.url)
      assert.deepEqual((await first.apply()).failed, [])
      const second = describePlatform(folder.path, { systems: [campus] }, server.secondOperatorUrl!)
      let statement = ''
      const refused = refusedAs('PANAL_NOT_AN_OPERATOR', (error) => {
        statement = error.details[0] ?? ''
        assert.match(error.remedy, /operator_one/)
      })
      await assert.rejects(second.plan(), refused)
      await assert.rejects(second.apply(), refused)
      assert.equal(statement, `GRANT "panal_control" TO "operator_two"${options};`)
      await using granting = await openConnection(server.url)
      await granting.script(statement)
      const plan = await second.plan()
      assert.deepEqual([plan.steps, plan.unreachable], [[], []])
    })

    test('the second operator changes what the first made, and the first what the second changed', async () => {
      const larger = { ...campus, services: { ...campus.services, annex: { login: 'annex_svc' } } } as const
      await writeFiles(folder.path, {
        'campus/annex/migrations/001_rooms.sql': 'CREATE TABLE rooms (id int);',
      })
      const second = describePlatform(folder.path, { systems: [larger] }, server.secondOperatorUrl!)
      assert.deepEqual((await second.apply()).failed, [])
      const first = describePlatform(folder.path, { systems: [campus] }, server.url)
      const result = await first.apply({ prune: async () => true })
      assert.deepEqual([result.failed, result.orphans, result.pruned.length], [[], [], 3])
    })

    test('no right, role or object belongs to an operator in person', async () => {
      await using superuser = await openConnection(server.superuserUrl)
      const lines = (await catalogSnapshot(superuser)).filter((line) => /operator_(one|two)/.test(line))
      const kinds = lines.map((line) => line.split(' ')[0])
      // CONNECT on Panal's databases (before 16 it is inherited) and the membership in the control role: what
      // lets them act at all.
      assert.deepEqual([...new Set(kinds)].sort(), [...(major >= 16 ? ['database'] : []), 'member', 'role'])
      for (const line of lines.filter((text) => text.startsWith('member ')))
        assert.match(line, /panal_control/)
      for (const line of lines.filter((text) => text.startsWith('database ')))
        assert.doesNotMatch(line, /of operator/)
    })
  })
}
