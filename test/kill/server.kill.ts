import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { applying } from './scenarios.ts'
import { killSeed } from './settings.ts'

/** What an apply may say when its server dies under it. */
const LOST = new Set([
  'PANAL_CONNECTION_LOST',
  'PANAL_COMMIT_UNKNOWN',
  'PANAL_DATABASE_UNREACHABLE',
  'PANAL_SERVER_STARTING',
])

test('10 applies whose server is killed: they say so, and one apply on the restarted server finishes', async (t) => {
  await using home = await temporaryFolder()
  const { landings } = await killRuns({
    home: home.path,
    scenario: applying(['hive', 'bo-tech'], { hive: ['keeper1'], 'bo-tech': ['dealer1'] }),
    kills: 10,
    seed: killSeed(t, 20),
    strike: (server) => () => server.kill9(),
    afterwards: async (server, { outcome, signal }) => {
      assert.equal(signal, null, 'the apply ends by itself')
      if (outcome?.kind === 'error') assert.ok(LOST.has(outcome.code), `${outcome.code}: ${outcome.message}`)
      await server.restart()
    },
  })
  t.diagnostic(landingTable(landings))
  assert.ok(landings.length >= 6, `${landings.length} servers were killed in time`)
})
