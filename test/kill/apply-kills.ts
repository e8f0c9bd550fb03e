import assert from 'node:assert/strict'
import { serverKinds } from '../harness/server-kinds.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { aimsAt, type Durations, durationsOf, missedPhases, randomFrom } from './aims.ts'
import { inLanes, type Landing, landingOf } from './landings.ts'
import { openTables, readableTables } from './open-tables.ts'
import type { Phase } from './phases.ts'
import { type Place, platformContext } from './platform-context.ts'
import { applyOnce, assertSameDump, dumpServer, recordTenants, type Tenants } from './recovery.ts'
import { type Aim, runVictim, type Strike, type VictimEnd, type VictimWork } from './victim-run.ts'

export interface ApplyKills {
  /** Where the master key of all servers of the test stands. */
  readonly home: string
  readonly kills: number
  /** Default: all three. */
  readonly systems?: readonly string[]
  /** Only these phases. Default: all that a run goes through. */
  readonly phases?: readonly Phase[]
  /** Recorded before the apply. Default: none, and it starts on an untouched server and makes the registry too. */
  readonly tenants?: Tenants
  readonly seed: number
  /** Servers at a time. Default 2. */
  readonly lanes?: number
  /** What happens at the aim. Default: the process gets SIGKILL. */
  readonly strike?: (server: TestServer) => Strike
  /** Looks at how the victim ended, and makes the server ready for the next apply. */
  readonly afterwards?: (server: TestServer, end: VictimEnd) => Promise<void>
}

export interface ApplyKillsResult {
  readonly landings: readonly Landing[]
  /** Phases that no kill came down in. */
  readonly missed: readonly Phase[]
}

/** A phase of two milliseconds may slip by; it is tried again so often. */
const ROUNDS_FOR_MISSED_PHASES = 3

/** Kills applies, each on a server of its own, and lets one apply finish each: nothing may tell it from a fresh install. */
export async function killApplies(options: ApplyKills): Promise<ApplyKillsResult> {
  const reference = await referenceRun(options)
  const landings: Landing[] = []
  const strikeAt = async (aims: readonly Aim[]): Promise<void> => {
    const tasks = aims.map((aim) => async () => {
      const landing = await killOnce(options, aim, reference.dump)
      if (landing !== null) landings.push(landing)
    })
    await inLanes(options.lanes ?? 2, tasks)
  }
  await strikeAt(aimsAt(reference.durations, options.kills, randomFrom(options.seed)))
  for (let round = 0; round < ROUNDS_FOR_MISSED_PHASES; round++) {
    const missed = missedPhases(reference.durations, landings)
    await strikeAt(missed.map((phase) => ({ phase, message: 1, delayMs: 0 })))
  }
  return { landings, missed: missedPhases(reference.durations, landings) }
}

interface Reference {
  readonly dump: readonly string[]
  readonly durations: Durations
}

/** A run that nobody kills: how long its phases take, and what it leaves. */
async function referenceRun(options: ApplyKills): Promise<Reference> {
  await using server = await preparedServer(options)
  const { outcome, messages } = await runVictim(workOn(server, options))
  assert.deepEqual(outcome, { kind: 'done', failed: 0 })
  const dump = await dumpServer(server.superuserUrl, await platformContext(placeOf(server, options)))
  const durations = durationsOf(messages)
  const { phases } = options
  if (phases === undefined) return { dump, durations }
  return { dump, durations: new Map([...durations].filter(([phase]) => phases.includes(phase))) }
}

async function killOnce(options: ApplyKills, aim: Aim, wanted: readonly string[]): Promise<Landing | null> {
  await using server = await preparedServer(options)
  const end = await runVictim(workOn(server, options), aim, options.strike?.(server))
  const landing = landingOf(end)
  try {
    await options.afterwards?.(server, end)
    assert.deepEqual(await openTables(server.superuserUrl), [])
    assert.deepEqual(await readableTables(server.superuserUrl), [])
    const context = await platformContext(placeOf(server, options))
    await applyOnce(context, options.systems === undefined ? {} : { systems: options.systems })
    assertSameDump(await dumpServer(server.superuserUrl, context), wanted)
  } catch (error) {
    const where = `killed in ${landing?.phase ?? 'nothing'} at: ${landing?.step ?? 'its end'}`
    throw new Error(`${where}\n${String(error)}`, { cause: error })
  }
  return landing
}

async function preparedServer(options: ApplyKills): Promise<TestServer> {
  const [kind] = serverKinds()
  assert.ok(kind)
  const server = await startTestServer(kind)
  if (options.tenants !== undefined) {
    await recordTenants(await platformContext(placeOf(server, options)), options.tenants)
  }
  return server
}

const placeOf = (server: TestServer, { home }: ApplyKills): Place => ({ url: server.url, home })

const workOn = (server: TestServer, options: ApplyKills): VictimWork => ({
  kind: 'apply',
  place: placeOf(server, options),
  ...(options.systems === undefined ? {} : { systems: options.systems }),
})
