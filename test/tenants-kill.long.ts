import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyPlatform, isConverged, planPlatform } from '../src/control/apply/index.ts'
import type { ControlContext } from '../src/control/context/index.ts'
import { listTenantRecords, requireRegistry } from '../src/control/state/index.ts'
import { createTenants } from '../src/control/tenants/index.ts'
import { sql } from '../src/postgres/index.ts'
import { serverKinds, startTestServer } from './harness/servers.ts'
import { tenantContext } from './tenants-fixture.ts'

/** More of them land in more places: the long suites set 50. */
const KILLS = Number(process.env.PANAL_KILLS ?? 6)
const system = 'bo-tech'

/** Runs a creation in a process of its own and kills it so long after its beginning; resolves with how long it ran. */
async function runAndKill(url: string, slugs: readonly string[], afterMs: number): Promise<number> {
  const runner = join(import.meta.dirname, 'tenants-runner.ts')
  const child = spawn(process.execPath, [runner, url, ...slugs], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  const began = performance.now()
  await Promise.race([exited, sleep(afterMs, undefined, { ref: false })])
  child.kill('SIGKILL')
  await exited
  return performance.now() - began
}

/** How far a killed creation had come. */
async function whereItLanded(context: ControlContext, slugs: readonly string[]): Promise<string> {
  await using registry = await requireRegistry(context)
  await using database = await context.databases.open('bo_tech')
  const records = await listTenantRecords(registry, [system], slugs)
  const schemas = slugs.map((slug) => `schema_${slug}`)
  const [stand] = await database.query<{ roles: number; schemas: number; files: number }>(sql`
    select (select count(*) from pg_roles where rolname = any (${slugs.map((slug) => `user_${slug}`)})) as roles,
      (select count(*) from pg_namespace where nspname = any (${schemas})) as schemas,
      (select count(*) from panal.ledger_applied where schema = any (${schemas})) as files`)
  const active = records.filter(({ status }) => status === 'active').length
  const { roles = 0, schemas: made = 0, files = 0 } = stand ?? {}
  return `recorded ${records.length}, roles ${roles}, schemas ${made}, files ${files}, active ${active}`
}

for (const kind of serverKinds()) {
  test(`a creation killed at any point is finished by the next call: ${kind.major} as ${kind.admin}`, async (t) => {
    await using server = await startTestServer(kind)
    const context = tenantContext(server.url)
    await applyPlatform(context)
    const wholeMs = await runAndKill(server.url, ['whole_a', 'whole_b'], 60_000)
    const landings = new Set<string>()
    for (let kill = 0; kill < KILLS; kill++) {
      const slugs = [`k${kill}_a`, `k${kill}_b`]
      const afterMs = (wholeMs * (kill + 0.5)) / KILLS
      await runAndKill(server.url, slugs, afterMs)
      const landing = await whereItLanded(context, slugs)
      landings.add(landing)
      t.diagnostic(`after ${Math.round(afterMs)} of ${Math.round(wholeMs)} ms: ${landing}`)

      await using registry = await requireRegistry(context)
      const done = (await listTenantRecords(registry, [system], slugs)).filter(
        ({ status }) => status === 'active',
      )
      const rest = slugs.filter((slug) => done.every((record) => record.slug !== slug))
      if (rest.length > 0) {
        const { failed } = await createTenants(context, { system, slugs: rest, seed: true })
        assert.deepEqual(failed, [])
      }
      assert.match(await whereItLanded(context, slugs), /^recorded 2, roles 2, schemas 2, files 4, active 2$/)
      assert.ok(isConverged(await planPlatform(context)), 'apply finds nothing to do')
    }
    assert.ok(landings.size >= 3, `kills landed in ${landings.size} places only`)
  })
}
