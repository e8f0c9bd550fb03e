import type { Phase } from './phases.ts'
import type { VictimEnd } from './victim-run.ts'

/** Where one kill came down. */
export interface Landing {
  readonly ms: number
  readonly phase: Phase
  readonly step: string
}

/** The last thing that a victim did, or null when it was done before anybody struck. */
export function landingOf({ outcome, messages, struckAfter, signal }: VictimEnd): Landing | null {
  if (outcome?.kind === 'done' || struckAfter === undefined) return null
  // Of one that was killed every message counts; one that ended by itself goes on after the strike, to say so.
  const before = signal === 'SIGKILL' ? messages : messages.slice(0, struckAfter)
  // Reading changes nothing: the server stands where the last change left it.
  const last = before.findLast((message) => message.writes) ?? before.at(-1)
  const ms = before.at(-1)?.ms ?? 0
  return last === undefined ? null : { ms, phase: last.phase, step: last.step }
}

export function landingTable(landings: readonly Landing[]): string {
  const lines = landings.map(
    ({ ms, phase, step }, index) =>
      `${String(index + 1).padStart(3)}  ${ms.toFixed(0).padStart(6)} ms  ${phase.padEnd(10)}  ${step}`,
  )
  const counts = [...Map.groupBy(landings, (landing) => landing.phase)].map(
    ([phase, here]) => `${phase} ${here.length}`,
  )
  return [...lines, `kills by phase: ${counts.join(', ')}`].join('\n')
}

/** Runs tasks, some at a time. The first that fails is thrown once all have ended. */
export async function inLanes(lanes: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values()
  const results = await Promise.allSettled(
    Array.from({ length: lanes }, async () => {
      for (const task of queue) await task()
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
