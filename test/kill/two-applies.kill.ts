import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyPlatform, planPlatform } from '../../src/control/apply/index.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { aimsAt, randomFrom } from './aims.ts'
import { placeOf, preparedServer, referenceRun } from './kill-runs.ts'
import { type Landing, landingOf, landingTable } from './landings.ts'
import { platformContext } from './platform-context.ts'
import { assertConverged, assertSameDump, dumpServer } from './recovery.ts'
import { applying } from './scenarios.ts'
import { killSeed } from './settings.ts'
import { runVictim } from './victim-run.ts'

const ROUNDS = 6

test('two applies at once, both killed: two applies at once finish', async (t) => {
  await using home = await temporaryFolder()
  const selection = { systems: ['hive', 'bo-tech'] }
  const scenario = applying(selection.systems, { hive: ['keeper1', 'keeper2'], 'bo-tech': ['dealer1'] })
  const reference = await referenceRun({ home: home.path, scenario })
  const aims = aimsAt(reference.durations, 2 * ROUNDS, randomFrom(killSeed(t, 50)))
  const landings: Landing[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using server = await preparedServer(home.path, scenario)
    const place = placeOf(server, home.path)
    const pair = [aims[round]!, aims[round + ROUNDS]!]
    const ends = await Promise.all(pair.map((aim) => runVictim(scenario.work(place), aim)))
    for (const end of ends) assert.notEqual(end.outcome?.kind, 'error', JSON.stringify(end.outcome))
    landings.push(...ends.flatMap((end) => landingOf(end) ?? []))

    const contexts = await Promise.all([platformContext(place), platformContext(place)])
    const results = await Promise.all(
      contexts.map((context) => applyPlatform(context, { seed: true, selection })),
    )
    assert.deepEqual(
      results.map(({ failed }) => failed),
      [[], []],
    )
    assertConverged(await planPlatform(contexts[0]!, { selection }))
    assertSameDump(await dumpServer(server.superuserUrl, contexts[0]!), reference.dump)
  }
  t.diagnostic(landingTable(landings))
})
