import type { Phase } from './phases.ts'
import type { Message, VictimEnd } from './victim-run.ts'

/** Where one kill came down. */
export interface Landing {
  readonly ms: number
  readonly phase: Phase
  readonly step: string
}

/** The last thing that a victim did, or null when it was done before anybody struck. */
export function landingOf(end: VictimEnd): Landing | null {
  if (end.outcome?.kind === 'done' || end.last === undefined) return null
  // Reading changes nothing: the server stands where the last change left it.
  const last: Message = end.messages.findLast((message) => message.writes) ?? end.last
  return { ms: end.last.ms, phase: last.phase, step: last.step }
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
