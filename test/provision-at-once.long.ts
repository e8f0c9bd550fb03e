import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { catalogSnapshot, snapshotDifference } from './catalog-snapshot.ts'
import { effectiveRights } from './effective-rights.ts'
import { campus, campusFiles, campusMatrix, campusSchemas } from './fixtures/campus.ts'
import { salon, salonFiles } from './fixtures/salon.ts'
import { serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture } from './provision-fixture.ts'

interface Outcome {
  readonly failed: readonly { readonly message: string }[]
  readonly applied: number
  readonly code?: string
}

const runner = fileURLToPath(new URL('provision-runner.ts', import.meta.url))

for (const kind of serverKinds()) {
  describe(`applies at once on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    /** Each in a process of its own, all started together. */
    const applyAll = async (...systems: readonly string[]): Promise<readonly Outcome[]> => {
      const runs = systems.map((names) =>
        promisify(execFile)(process.execPath, [runner, fixture.operatorUrl, fixture.folder, names]),
      )
      return (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout) as Outcome)
    }
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write({ ...campusFiles, ...salonFiles })
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('first installs of one system: all end well, and what stands is what one leaves', async () => {
      const outcomes = await applyAll('campus', 'campus', 'campus')
      for (const outcome of outcomes) assert.deepEqual([outcome.code, outcome.failed], [undefined, []])
      const inside = await fixture.open('campus')
      for (const role of ['people_svc', 'courses_svc', 'stats_svc', 'reporting']) {
        assert.deepEqual(await effectiveRights(inside, role, campusSchemas), campusMatrix[role], role)
      }
      assert.deepEqual((await fixture.describe({ systems: [campus] }).plan()).steps, [])
    })

    test('again, and on two databases of one server, one of them new', async () => {
      const before_ = await catalogSnapshot(await fixture.open('campus'))
      const outcomes = await applyAll('campus', 'campus,salon', 'salon', 'campus')
      for (const outcome of outcomes) assert.deepEqual([outcome.code, outcome.failed], [undefined, []])
      const others = (await catalogSnapshot(await fixture.open('campus'))).filter(
        (line) => !/salon|app\b/.test(line),
      )
      assert.deepEqual(snapshotDifference(before_, others), [])
      const plan = await fixture.describe({ systems: [campus, salon] }).plan()
      assert.deepEqual([plan.steps, plan.orphans], [[], []])
    })

    test('drift that two mend at once is mended', async () => {
      const inside = await fixture.open('campus')
      const before_ = await catalogSnapshot(inside)
      await inside.script(`GRANT DELETE ON people.users TO stats_svc; ALTER ROLE courses_svc CREATEROLE;
        GRANT CONNECT ON DATABASE campus TO PUBLIC; ALTER TABLE courses.courses OWNER TO campus_people_owner`)
      const outcomes = await applyAll('campus', 'campus')
      for (const outcome of outcomes) assert.deepEqual([outcome.code, outcome.failed], [undefined, []])
      assert.deepEqual(snapshotDifference(before_, await catalogSnapshot(inside)), [])
    })
  })
}
