import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { creatingTenants } from './scenarios.ts'
import { killSeed, numbered } from './settings.ts'

// The first has 14 tables and many seeds, the second transaction:false files and shared schemas that its tenants read.
for (const [index, [system, count]] of [['bo-tech', 4] as const, ['hive', 20] as const].entries()) {
  test(`25 creations of ${count} tenants of ${system}, killed: one apply finishes each`, async (t) => {
    await using home = await temporaryFolder()
    const scenario = creatingTenants(system, numbered('tenant', count))
    const seed = killSeed(t, 10 + index)
    const { landings, missed } = await killRuns({ home: home.path, scenario, kills: 25, seed })
    t.diagnostic(landingTable(landings))
    assert.deepEqual(missed, [])
  })
}
