import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { applying } from './scenarios.ts'
import { killSeed } from './settings.ts'

// The command line's own Ctrl-C (exit 130) is tested with the command line.
test('12 applies interrupted by SIGINT: they end in order, and one apply finishes each', async (t) => {
  await using home = await temporaryFolder()
  const { landings } = await killRuns({
    home: home.path,
    scenario: applying(['hive', 'bo-tech'], { hive: ['keeper1'], 'bo-tech': ['dealer1'] }),
    kills: 12,
    seed: killSeed(t, 30),
    strike: () => (victim) => {
      victim.kill('SIGINT')
    },
    afterwards: async (_, { outcome, signal }) => {
      assert.equal(signal, null, 'the apply ends by itself')
      if (outcome?.kind === 'error')
        assert.match(outcome.code, /^(PANAL_INTERRUPTED|ABORTED)$/, outcome.message)
    },
  })
  t.diagnostic(landingTable(landings))
  assert.ok(landings.length >= 6, `${landings.length} applies were interrupted before their end`)
})
