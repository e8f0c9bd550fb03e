import { loadavg } from 'node:os'
import type { SystemDefinition } from '../../src/model/index.ts'
import { openConnection } from '../../src/postgres/index.ts'
import boTech from '../../systems/bo-tech/system.ts'
import { startTestServer } from '../../test/harness/servers.ts'
import { temporaryFolder } from '../../test/harness/temporary-folder.ts'
import { benchDrift } from '../drift/bench-drift.ts'
import { installPeers, nodePgMigrate, postgrator, umzug } from '../peers/index.ts'
import { machine } from '../support/machine.ts'
import { type BenchReport, type BenchResult, bar } from '../support/report.ts'
import { serverSettings } from '../support/server-settings.ts'
import { largestBackendMiB } from './backend-memory.ts'
import { BenchFleetSystem } from './bench-fleet-system.ts'
import { compareContenders } from './compare-contenders.ts'
import { type Contender, migrationOf } from './contender.ts'
import { handScript } from './hand-script.ts'
import { measureCurve } from './measure-curve.ts'
import { measureLatency } from './measure-latency.ts'
import { measureNoOp } from './measure-no-op.ts'
import { type PaceSettings, panalContender } from './panal-contender.ts'
import { hasPsql, psqlLike, realPsql } from './single-stream.ts'

const TENANTS = 1_000
const TENANTS_OF_PEERS = 200
const ROUNDS = 3
const FIXED: readonly PaceSettings[] = [
  { concurrency: 1, batch: 1 },
  { concurrency: 4, batch: 1 },
  { concurrency: 2, batch: 10 },
  { concurrency: 2, batch: 32 },
  { concurrency: 4, batch: 32 },
]

type Part = Pick<BenchReport, 'results' | 'bars'>

/** The fleet engine against scripts and tools, as fleets grow, far away, and with nothing to do. */
export async function benchFleet(): Promise<BenchReport> {
  installPeers()
  // Others at work here make every figure smaller, and not all alike.
  const [load = 0] = loadavg()
  const { config, parts } = await benchBoTech()
  parts.push(await benchCells(), await benchDrift())
  return {
    bench: 'fleet',
    config: {
      ...machine(),
      ...config,
      'load of the machine before': load.toFixed(2),
      tenants: TENANTS,
      'tenants of the peers': TENANTS_OF_PEERS,
      rounds: ROUNDS,
    },
    results: parts.flatMap(({ results }) => results),
    bars: parts.flatMap(({ bars }) => bars),
  }
}

/** What 1,000 tenants of 15 tables tell, on one durable server. */
async function benchBoTech(): Promise<{ config: Record<string, string>; parts: Part[] }> {
  await using server = await startTestServer({ major: 18, admin: 'superuser', durable: true })
  await using folder = await temporaryFolder()
  await using connection = await openConnection(server.url)
  const config = await serverSettings(connection)
  const fleet = await BenchFleetSystem.create(server.url, folder.path, {
    // Spread, it is a description again and no longer one that is checked.
    definition: { ...boTech } satisfies SystemDefinition<string>,
    service: 'shop',
    schemaOf: (slug) => `schema_${slug}`,
    migrations: new URL('../../systems/bo-tech/shop/migrations/', import.meta.url),
    tenants: TENANTS,
  })
  const parts = [await benchContenders(fleet, folder.path), await measureLatency(fleet)]
  parts.push(await benchMemory(fleet))
  return { config, parts }
}

async function benchContenders(fleet: BenchFleetSystem, folder: string): Promise<Part> {
  const { url, schemas } = fleet
  const some = schemas.slice(0, TENANTS_OF_PEERS)
  const streams = [psqlLike(url, schemas), ...(hasPsql() ? [realPsql(url, schemas)] : [])]
  const scripts = [1, 2, 4, 8].map((connections) => handScript(url, schemas, connections))
  const panal = panalContender(fleet)
  const slow = await nodePgMigrate(url, folder, some)
  const contenders = [
    ...streams,
    ...scripts,
    panal,
    ...FIXED.map((pace) => panalContender(fleet, pace)),
    slow,
    await postgrator(url, folder, some),
    await umzug(url, folder, some),
  ]
  const results = await compareContenders(url, contenders, ROUNDS)
  const best = (of: readonly Contender[]): number => Math.max(...of.map(({ name }) => rateOf(results, name)))
  const ours = rateOf(results, panal.name)
  return {
    results,
    bars: [
      bar('panal / a single stream', ours / best(streams), { atLeast: 2 }),
      bar('panal / the best Node script', ours / best(scripts), { atLeast: 1 }),
      bar('panal / node-pg-migrate', ours / best([slow]), { atLeast: 20 }),
    ],
  }
}

const rateOf = (results: readonly BenchResult[], wanted: string): number =>
  results.find(({ name }) => name === wanted)?.perSecond ?? Number.NaN

/** A run that goes through every relation of the fleet must not leave a backend that knows them all. */
async function benchMemory(fleet: BenchFleetSystem): Promise<Part> {
  await fleet.write(migrationOf('of_memory'))
  const largest = await largestBackendMiB('bo_tech', () => fleet.migrate())
  return {
    results: [],
    bars: largest === null ? [] : [bar('largest backend, MiB', largest, { atMost: 100 })],
  }
}

/** What many small tenants tell, on another durable server. */
async function benchCells(): Promise<Part> {
  await using server = await startTestServer({ major: 18, admin: 'superuser', durable: true })
  await using folder = await temporaryFolder()
  const curve = await measureCurve(server.url, folder.path)
  const noOp = await measureNoOp(server.url, folder.path)
  return {
    results: [...curve.results, ...noOp.results],
    bars: [bar('cost of a target, dearest / cheapest fleet', curve.spread, { atMost: 1.3 }), ...noOp.bars],
  }
}
