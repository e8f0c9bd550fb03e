import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverKinds } from '../harness/server-kinds.ts'
import { fleetLandingTable, killFleetRunners } from './fleet-kills.ts'
import { killSeed } from './settings.ts'

for (const kind of serverKinds()) {
  test(`50 kills of two runners that migrate 300 tenants: ${kind.major} as ${kind.admin}`, async (t) => {
    const landings = await killFleetRunners({ kind, kills: 50, tenants: 300, seed: killSeed(t, 5) })
    t.diagnostic(fleetLandingTable(landings))
    assert.equal(landings.length, 50)
    const places = new Set(landings.map(({ recorded }) => recorded))
    assert.ok(places.size >= 20, `the kills landed in ${places.size} places only`)
  })
}
