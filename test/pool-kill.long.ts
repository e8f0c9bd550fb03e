import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { applyPlatform, isConverged, planPlatform } from '../src/control/apply/index.ts'
import { platformDrift } from '../src/control/drift/index.ts'
import { listTenantRecords, requireRegistry } from '../src/control/state/index.ts'
import { createTenants } from '../src/control/tenants/index.ts'
import { serverKinds, startTestServer } from './harness/servers.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'
import { kioskContext, kioskFiles } from './pool-fixture.ts'

/** More of them land in more places: the long suites set 50, which is every statement. */
const KILLS = Number(process.env.PANAL_KILLS ?? 8)

/** Runs a creation that dies before statement `last`; gives what it printed: nothing when it died. */
async function create(url: string, folder: string, slug: string, last: number): Promise<string> {
  const runner = join(import.meta.dirname, 'pool-runner.ts')
  const child = spawn(process.execPath, [runner, url, folder, slug, `${last}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return printed
}

for (const kind of serverKinds()) {
  test(`a spare taken and killed anywhere loses nothing: ${kind.major} as ${kind.admin}`, async (t) => {
    await using server = await startTestServer(kind)
    await using folder = await temporaryFolder()
    for (const [path, content] of Object.entries(kioskFiles('kiosk'))) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true })
      await writeFile(join(folder.path, path), content)
    }
    const context = kioskContext(server.url, folder.path)
    assert.deepEqual((await applyPlatform(context)).failed, [])
    const whole = Number(await create(server.url, folder.path, 'whole', 0))
    assert.ok(whole > 30, `${whole} statements`)
    const landings = new Set<string>()
    for (let kill = 0; kill < KILLS; kill++) {
      const last = Math.floor((whole * (kill + 0.5)) / KILLS) + 1
      const slug = `k${kill}`
      assert.equal(await create(server.url, folder.path, slug, last), '')
      await using registry = await requireRegistry(context)
      await using database = await context.databases.open('kiosk')
      const [stand] = await database.script(
        `SELECT count(*)::int AS n FROM pg_namespace WHERE nspname = 'kiosk_${slug}'`,
      )
      const [record] = await listTenantRecords(registry, ['kiosk'], [slug])
      const landing = `${record?.status ?? 'unrecorded'}, ${stand?.rows[0]?.n === 1 ? 'renamed' : 'not renamed'}`
      landings.add(landing)
      t.diagnostic(`before statement ${last} of ${whole}: ${landing}`)

      // Every other time apply comes first, which knows nothing of pools.
      if (kill % 2 === 1) assert.deepEqual((await applyPlatform(context)).failed, [])
      const [now] = await listTenantRecords(registry, ['kiosk'], [slug])
      if (now?.status !== 'active') {
        const { failed, tenants } = await createTenants(context, { system: 'kiosk', slugs: [slug] })
        assert.deepEqual([failed, tenants[0]?.status], [[], 'active'])
      }
      assert.deepEqual((await applyPlatform(context)).failed, [])
      const plan = await planPlatform(context)
      assert.ok(isConverged(plan), 'apply finds nothing to do')
      assert.deepEqual(plan.orphans, [])
      const drifted = (await platformDrift(context)).filter((each) => each.drifted !== false)
      assert.deepEqual(drifted, [])
    }
    assert.ok(landings.size >= 3, `kills landed in ${landings.size} places only`)
  })
}
