import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { killRuns } from './kill-runs.ts'
import { landingTable } from './landings.ts'
import { openTables } from './open-tables.ts'
import { applying } from './scenarios.ts'
import { killSeed } from './settings.ts'

/** How often somebody looks whether a table stands open. */
const LOOK_EVERY_MS = 15

test('16 applies of row tenancy, watched and killed: no table is ever open to a login without its policies', async (t) => {
  await using home = await temporaryFolder()
  let looks = 0
  const { landings, missed } = await killRuns({
    home: home.path,
    scenario: applying(['hive']),
    phases: ['targets', 'migrations', 'statements', 'seeds'],
    kills: 16,
    seed: killSeed(t, 40),
    meanwhile: async (server, ended) => {
      while (!ended.aborted) {
        assert.deepEqual(await openTables(server.superuserUrl), [])
        looks += 1
        await sleep(LOOK_EVERY_MS)
      }
    },
  })
  t.diagnostic(`looked ${looks} times\n${landingTable(landings)}`)
  assert.deepEqual(missed, [])
})
