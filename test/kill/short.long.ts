import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { applying } from './scenarios.ts'
import { killSeed } from './settings.ts'

// The long version: npm run test:kill.
test('applies of one system, killed in six of their phases: one apply finishes each', async (t) => {
  await using home = await temporaryFolder()
  const { landings, missed } = await killRuns({
    home: home.path,
    scenario: applying(['hive'], { hive: ['keeper1', 'keeper2'] }),
    phases: ['roles', 'databases', 'targets', 'migrations', 'statements', 'seeds'],
    kills: 6,
    seed: killSeed(t, 3),
  })
  t.diagnostic(landingTable(landings))
  assert.deepEqual(missed, [])
})
