import { fileURLToPath } from 'node:url'
import { applyPlatform, createTenants, platformDrift } from '../../src/control/index.ts'
import type { SystemDefinition } from '../../src/model/index.ts'
import { openConnection, sql, withDatabase } from '../../src/postgres/index.ts'
import boTech from '../../systems/bo-tech/system.ts'
import { startTestServer } from '../../test/harness/servers.ts'
import { benchContext } from '../support/bench-context.ts'
import { machine } from '../support/machine.ts'
import { type BenchReport, bar, median } from '../support/report.ts'
import { serverSettings } from '../support/server-settings.ts'

const TARGETS = 1_000
const ROUNDS = 5
const SPARES = 25

const file = fileURLToPath(new URL('../../systems/bo-tech/system.ts', import.meta.url))

/** bo-tech with spares: another model, the same files. */
const pooled: SystemDefinition<string> = {
  ...boTech,
  services: {
    shop: {
      ...boTech.services.shop,
      tenancy: {
        kind: 'schema',
        schema: (slug) => `schema_${slug}`,
        login: (slug) => `user_${slug}`,
        pool: SPARES,
      },
    },
  },
}

/**
 * Drift of 1,000 bo-tech tenants, whole calls from the first connection on, and tenants made of spares beside them,
 * on one durable server.
 */
export async function benchDrift(): Promise<BenchReport> {
  await using server = await startTestServer({ major: 18, admin: 'superuser', durable: true })
  await using connection = await openConnection(server.url)
  const settings = await serverSettings(connection)
  const context = benchContext(server.url, [{ definition: boTech, file }])
  await applyPlatform(context)
  await createTenants(context, { system: 'bo-tech', count: TARGETS, prefix: 'ten' })
  await using inside = await openConnection(withDatabase(server.url, 'bo_tech'))
  await inside.query(sql /* SQL */`DROP INDEX schema_ten500.idx_products_category`)

  const first = await seconds(() => platformDrift(context))
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(
      await seconds(async () => {
        const drifted = (await platformDrift(context)).filter((each) => each.drifted !== false)
        if (drifted.length !== 1 || drifted[0]?.target !== 'bo-tech/shop/ten500')
          throw new Error('wrong drift')
      }),
    )
  }

  const withPool = benchContext(server.url, [{ definition: pooled, file }])
  const sameKey = { ...withPool, secrets: context.secrets }
  const { failed } = await applyPlatform(sameKey)
  if (failed.length > 0) throw new Error(failed[0]?.message)
  const slow: number[] = []
  const warm: number[] = []
  for (let number = 1; number < SPARES; number++) {
    // One of each in turn; the first of either warms up.
    warm.push(await seconds(() => createTenants(sameKey, tenant(`warm${number}`))))
    slow.push(await seconds(() => createTenants(context, tenant(`slow${number}`))))
  }
  const [warmRuns, slowRuns] = [warm.slice(1), slow.slice(1)]
  return {
    bench: 'drift',
    config: { ...machine(), ...settings, targets: TARGETS, 'tables of each': 15, spares: SPARES },
    results: [
      { name: 'drift, first: shapes built in a scratch database', seconds: first, runs: [first] },
      { name: 'drift of 1,000 targets', seconds: median(rounds), runs: rounds },
      { name: 'tenant create, made anew', seconds: median(slowRuns), runs: slowRuns },
      { name: 'tenant create, from the pool', seconds: median(warmRuns), runs: warmRuns },
    ],
    bars: [
      bar('drift of 1,000 targets, seconds', median(rounds), { atMost: 3 }),
      bar('tenant create from the pool, milliseconds', median(warmRuns) * 1_000, { atMost: 25 }),
    ],
  }
}

const tenant = (slug: string) => ({ system: 'bo-tech', slugs: [slug], refill: false })

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1_000
}
