import { PHASES, type Phase } from './phases.ts'
import type { Aim, Message } from './victim-run.ts'

/** By phase: how long it took from each message that writes to the next, in a run that nobody killed, in milliseconds. */
export type Durations = ReadonlyMap<Phase, readonly number[]>

export function durationsOf(messages: readonly Message[]): Durations {
  const durations = new Map<Phase, number[]>()
  const writing = messages.filter((message) => message.writes)
  for (const [index, message] of writing.entries()) {
    const next = writing[index + 1]?.ms ?? message.ms + 1
    durations.set(message.phase, [...(durations.get(message.phase) ?? []), next - message.ms])
  }
  return durations
}

/**
 * So many aims, dealt out over the phases in turn: left to chance, a phase of ten milliseconds would never be hit. Within a phase
 * message and moment are random.
 *
 * @param random from 0 to 1, as Math.random
 */
export function aimsAt(durations: Durations, count: number, random: () => number): readonly Aim[] {
  const phases = PHASES.filter((phase) => durations.has(phase))
  return Array.from({ length: count }, (_, index) => {
    const phase = phases[index % phases.length]!
    const lasting = durations.get(phase)!
    const message = 1 + Math.floor(random() * lasting.length)
    return { phase, message, delayMs: random() * lasting[message - 1]! }
  })
}

/** A generator of pseudo-random numbers (mulberry32), so that a run of kills can be repeated by its seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function missedPhases(
  durations: Durations,
  hit: readonly { readonly phase: Phase }[],
): readonly Phase[] {
  const phases = new Set(hit.map(({ phase }) => phase))
  return [...durations.keys()].filter((phase) => !phases.has(phase))
}
