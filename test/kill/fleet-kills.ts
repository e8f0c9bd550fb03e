import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from '../../src/postgres/index.ts'
import { makeFleet, startFleetFixture, type TestFleet } from '../fleet-fixture.ts'
import type { ServerKind } from '../harness/server-kinds.ts'
import { randomFrom } from './aims.ts'

export interface FleetKills {
  readonly kind: ServerKind
  readonly kills: number
  readonly tenants: number
  readonly seed: number
}

/** Where a runner was when it was killed. */
export interface FleetLanding {
  readonly file: string
  /** Since it had planned. */
  readonly ms: number
  /** Targets that it had reported as done, and those that stood in the ledger. */
  readonly reported: number
  readonly recorded: number
}

/** Kills to a migration; then it may come to its end. */
const KILLS_PER_FILE = 5

interface Runner {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
  begunMs: number | null
  done: number
  result: { readonly migrated: number; readonly failed: readonly unknown[]; readonly left: number } | null
}

/**
 * Two runners share one fleet, migration after migration, and one of them is killed at a random
 * moment again and again; another takes its place. In the end every target is at the head, and every
 * file had its effect once in each, by a table that the files themselves append to.
 */
export async function killFleetRunners(options: FleetKills): Promise<readonly FleetLanding[]> {
  const { kind, kills, tenants, seed } = options
  const random = randomFrom(seed)
  await using fixture = await startFleetFixture(kind)
  const fleet = await makeFleet(fixture, 'killed', tenants)
  const start = (): Runner => startRunner(fixture.server.url, fleet, tenants)
  const landings: FleetLanding[] = []
  for (let version = 2; landings.length < kills; version++) {
    const file = await writeFile(fleet, version)
    const runners = [start(), start()]
    const end = landings.length + Math.min(KILLS_PER_FILE, kills - landings.length)
    for (let idle = 0; landings.length < end && idle < 3; ) {
      const at = random() < 0.5 ? 0 : 1
      const landing = await killOne(
        runners[at]!,
        random() * 350,
        async () => await countRecorded(fleet, version),
      )
      runners[at] = start()
      if (landing === null) idle += 1
      else landings.push({ file, ...landing })
    }
    await Promise.all(runners.map(({ exited }) => exited))
    // Both killed ones may have left something, and the last ones ended before the other gave way.
    const last = start()
    await last.exited
    assert.deepEqual([last.result?.failed, last.result?.left], [[], 0])
    await assertOnce(fleet, version, tenants)
  }
  return landings
}

/** Of three files, two change rows in a transaction, slowly enough to be met; one builds an index beside it. */
async function writeFile(fleet: TestFleet, version: number): Promise<string> {
  const isOnline = version % 3 === 1
  const name = `${String(version).padStart(3, '0')}_${isOnline ? 'index' : 'column'}`
  const text = isOnline
    ? `-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY late_${version} ON orders (c${version - 1});`
    : `ALTER TABLE orders ADD COLUMN c${version} text;
       INSERT INTO extensions.effects (schema) SELECT current_schema() || ' ${version}';
       SELECT pg_sleep(0.008); CREATE INDEX ON orders (c${version});`
  await fleet.write({ [`shop/migrations/${name}.sql`]: text })
  return name
}

function startRunner(url: string, fleet: TestFleet, tenants: number): Runner {
  const path = fileURLToPath(new URL('fleet-runner.ts', import.meta.url))
  const args = [path, url, fleet.system.file, fleet.name, `${tenants}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const runner: Runner = { child, exited: once(child, 'close'), begunMs: null, done: 0, result: null }
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const report: unknown = JSON.parse(line)
    if (typeof report !== 'object' || report === null) return
    if ('begun' in report) runner.begunMs = performance.now()
    if ('done' in report) runner.done = Number(report.done)
    if ('migrated' in report) runner.result = report as Runner['result']
  })
  return runner
}

/** Kills a runner so long after it had planned; null when it had come to its end before. */
async function killOne(
  runner: Runner,
  afterMs: number,
  recorded: () => Promise<number>,
): Promise<Omit<FleetLanding, 'file'> | null> {
  const { child } = runner
  while (runner.begunMs === null && child.exitCode === null) await sleep(2)
  await Promise.race([sleep(afterMs), runner.exited])
  const alive = child.exitCode === null && runner.result === null
  child.kill('SIGKILL')
  await runner.exited
  if (!alive || runner.begunMs === null) return null
  return { ms: performance.now() - runner.begunMs, reported: runner.done, recorded: await recorded() }
}

async function countRecorded(fleet: TestFleet, version: number): Promise<number> {
  const [row] = await fleet.superuser.query<{ count: number }>(
    sql`SELECT count(*)::int AS count FROM panal.ledger_applied WHERE item = ${`${version}`}`,
  )
  return row?.count ?? 0
}

async function assertOnce(fleet: TestFleet, version: number, tenants: number): Promise<void> {
  assert.equal(await countRecorded(fleet, version), tenants, 'every target is at the head')
  const effects = await fleet.superuser.query(sql`
    SELECT schema, count(*)::int AS times FROM extensions.effects GROUP BY schema HAVING count(*) <> 1`)
  assert.deepEqual(effects, [], 'no file had its effect twice')
  const [counts] = await fleet.superuser.query<{ done: number; invalid: number; unfinished: number }>(sql`
    SELECT (SELECT count(*)::int FROM extensions.effects WHERE schema LIKE ${`% ${version}`}) AS done,
      (SELECT count(*)::int FROM pg_index WHERE NOT indisvalid) AS invalid,
      (SELECT count(*)::int FROM panal.ledger_statements) AS unfinished`)
  assert.deepEqual(counts, { done: version % 3 === 1 ? 0 : tenants, invalid: 0, unfinished: 0 })
}

export function fleetLandingTable(landings: readonly FleetLanding[]): string {
  return landings
    .map(
      ({ file, ms, reported, recorded }, index) =>
        `${String(index + 1).padStart(3)}  ${file.padEnd(12)} ${ms.toFixed(0).padStart(5)} ms   reported ${String(reported).padStart(3)}   in the ledger ${recorded}`,
    )
    .join('\n')
}
