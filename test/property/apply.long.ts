import { test } from 'node:test'
import { serverKinds } from '../harness/server-kinds.ts'
import { startProvisionFixture } from '../provision-fixture.ts'
import { arbitraryPlatform } from './arbitrary-platform.ts'
import { holdsForAll } from './counterexample.ts'
import { applySpec, assertNothingToDo, assertRights, describeSpec } from './platform-run.ts'
import { toTypeScript } from './platform-spec.ts'

for (const kind of serverKinds()) {
  test(`any valid model, applied: nothing left to do, rights as described: ${kind.major} as ${kind.admin}`, async () => {
    await holdsForAll(arbitraryPlatform, toTypeScript, 15, async (spec) => {
      await using fixture = await startProvisionFixture(kind)
      const platform = await describeSpec(fixture, spec)
      await applySpec(platform, spec)
      await assertNothingToDo(platform)
      await assertRights(fixture, spec)
    })
  })
}
