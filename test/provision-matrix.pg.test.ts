import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture, type TestPlatform } from './provision-fixture.ts'

for (const kind of serverKinds()) {
  describe(`the access matrix on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(campusFiles)
      platform = fixture.describe({ systems: [campus] })
      await (await fixture.open('postgres')).script('CREATE ROLE nobody LOGIN')
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('one apply brings everything about, and the second plan is empty', async () => {
      const result = await platform.apply()
      assert.deepEqual(
        { failed: result.failed, unreachable: result.unreachable, orphans: result.orphans },
        { failed: [], unreachable: [], orphans: [] },
      )
      const plan = await platform.plan()
      assert.deepEqual([plan.steps, plan.pending, plan.unreachable], [[], [], []])
    })

    test('every role can do what the model says and nothing else, on every object', async () => {
      const inside = await fixture.open('campus')
      for (const [role, expected] of Object.entries(campusMatrix)) {
        const rights = await effectiveRights(inside, role, campusSchemas)
        assert.deepEqual(rights, expected, role)
      }
    })
  })
}
