import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { applying } from './scenarios.ts'
import { killSeed, numbered } from './settings.ts'

test('25 applies on an untouched server, killed: one apply finishes each', async (t) => {
  await using home = await temporaryFolder()
  const options = { home: home.path, scenario: applying(), kills: 25, seed: killSeed(t, 1) }
  const { landings, missed } = await killRuns(options)
  t.diagnostic(landingTable(landings))
  assert.deepEqual(missed, [])
})

test('25 applies that find 17 recorded tenants, killed: one apply finishes each', async (t) => {
  await using home = await temporaryFolder()
  // More than 16 targets in one database are made over several connections.
  const tenants = { hive: numbered('keeper', 14), 'bo-tech': numbered('dealer', 3) }
  const scenario = applying(undefined, tenants)
  const { landings, missed } = await killRuns({
    home: home.path,
    scenario,
    kills: 25,
    seed: killSeed(t, 2),
  })
  t.diagnostic(landingTable(landings))
  assert.deepEqual(missed, [])
})
