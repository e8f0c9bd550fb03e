import assert from 'node:assert/strict'
import { serverKinds } from '../harness/server-kinds.ts'
import { startTestServer, type TestServer } from '../harness/servers.ts'
import { aimsAt, type Durations, durationsOf, missedPhases, randomFrom } from './aims.ts'
import { inLanes, type Landing, landingOf } from './landings.ts'
import { openTables, readableTables } from './open-tables.ts'
import type { Phase } from './phases.ts'
import { type Place, platformContext } from './platform-context.ts'
import { assertSameDump, dumpServer } from './recovery.ts'
import type { Scenario } from './scenarios.ts'
import { type Aim, runVictim, type Strike, type VictimEnd } from './victim-run.ts'

export interface KillRuns {
  /** Where the master key of all servers of the test stands. */
  readonly home: string
  readonly scenario: Scenario
  readonly kills: number
  /** Only these phases. Default: all that a run goes through. */
  readonly phases?: readonly Phase[]
  readonly seed: number
  /** Servers at a time. Default 2. */
  readonly lanes?: number
  /** What happens at the aim. Default: the process gets SIGKILL. */
  readonly strike?: (server: TestServer) => Strike
  /** Looks on while the victim lives, until the signal says that it has ended. */
  readonly meanwhile?: (server: TestServer, ended: AbortSignal) => Promise<void>
  /** Looks at how the victim ended, and makes the server ready for the next run. */
  readonly afterwards?: (server: TestServer, end: VictimEnd) => Promise<void>
}

export interface KillRunsResult {
  readonly landings: readonly Landing[]
  /** Phases that no kill came down in. */
  readonly missed: readonly Phase[]
}

/** A phase of two milliseconds may slip by; it is tried again so often. */
const ROUNDS_FOR_MISSED_PHASES = 4

/** Kills runs, each on a server of its own, and has each finished: nothing may tell it from a run that nobody killed. */
export async function killRuns(options: KillRuns): Promise<KillRunsResult> {
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

export interface Reference {
  readonly dump: readonly string[]
  readonly durations: Durations
}

/** A run that nobody kills: how long its phases take, and what it leaves. */
export async function referenceRun({
  home,
  scenario,
  phases,
}: Pick<KillRuns, 'home' | 'scenario' | 'phases'>): Promise<Reference> {
  await using server = await preparedServer(home, scenario)
  const place = placeOf(server, home)
  const { outcome, messages } = await runVictim(scenario.work(place))
  assert.deepEqual(outcome, { kind: 'done', failed: 0 })
  const dump = await dumpServer(server.superuserUrl, await platformContext(place))
  const durations = durationsOf(messages)
  if (phases === undefined) return { dump, durations }
  return { dump, durations: new Map([...durations].filter(([phase]) => phases.includes(phase))) }
}

async function killOnce(options: KillRuns, aim: Aim, wanted: readonly string[]): Promise<Landing | null> {
  const { home, scenario, strike, meanwhile, afterwards } = options
  await using server = await preparedServer(home, scenario)
  const place = placeOf(server, home)
  const ended = new AbortController()
  const watching = meanwhile?.(server, ended.signal)
  const end = await runVictim(scenario.work(place), aim, strike?.(server)).finally(() => ended.abort())
  await watching
  const landing = landingOf(end)
  try {
    await afterwards?.(server, end)
    assert.deepEqual(await openTables(server.superuserUrl), [])
    assert.deepEqual(await readableTables(server.superuserUrl), [])
    const context = await platformContext(place)
    await scenario.finish(context)
    assertSameDump(await dumpServer(server.superuserUrl, context), wanted)
  } catch (error) {
    const where = `killed in ${landing?.phase ?? 'nothing'} at: ${landing?.step ?? 'its end'}`
    throw new Error(`${where}\n${String(error)}`, { cause: error })
  }
  return landing
}

export async function preparedServer(home: string, scenario: Scenario): Promise<TestServer> {
  const [kind] = serverKinds()
  assert.ok(kind)
  const server = await startTestServer(kind)
  await scenario.prepare(await platformContext(placeOf(server, home)))
  return server
}

export const placeOf = (server: TestServer, home: string): Place => ({ url: server.url, home })
