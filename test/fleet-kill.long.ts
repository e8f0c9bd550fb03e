import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverKinds } from './harness/servers.ts'
import { fleetLandingTable, killFleetRunners } from './kill/fleet-kills.ts'
import { killSeed } from './kill/settings.ts'

// The long version: npm run test:kill.
for (const kind of serverKinds().slice(0, 1)) {
  test(`two runners share a fleet while they are killed: ${kind.major} as ${kind.admin}`, async (t) => {
    const landings = await killFleetRunners({ kind, kills: 5, tenants: 100, seed: killSeed(t, 6) })
    t.diagnostic(fleetLandingTable(landings))
    assert.equal(landings.length, 5)
  })
}
