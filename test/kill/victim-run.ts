import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Phase } from './phases.ts'
import type { Place } from './platform-context.ts'

export type VictimWork =
  | { readonly kind: 'apply'; readonly place: Place; readonly systems?: readonly string[] }
  | {
      readonly kind: 'tenants'
      readonly place: Place
      readonly system: string
      readonly slugs: readonly string[]
    }

/** A message that is about to be sent to the server. */
export interface Message {
  readonly kind: 'message'
  readonly phase: Phase
  readonly step: string
  readonly writes: boolean
  /** Since the process began to run our code. */
  readonly ms: number
}

export type Report =
  | Message
  | { readonly kind: 'done'; readonly failed: number }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }

/** Where to strike: so many milliseconds after the n-th message of a phase that writes (from 1). */
export interface Aim {
  readonly phase: Phase
  readonly message: number
  readonly delayMs: number
}

export interface VictimEnd {
  readonly messages: readonly Message[]
  /** How many messages it had sent when it was struck. */
  readonly struckAfter: number | undefined
  readonly signal: NodeJS.Signals | null
  /** What it said at its end, which one that was killed does not. */
  readonly outcome: Exclude<Report, Message> | undefined
}

/** What to do to the process once the aim is reached. Default: SIGKILL. */
export type Strike = (victim: ChildProcess) => void | Promise<void>

const kill: Strike = (victim) => {
  victim.kill('SIGKILL')
}

/** Lets a process do the work, strikes where the aim says, and waits for its end. */
export async function runVictim(work: VictimWork, aim?: Aim, strike: Strike = kill): Promise<VictimEnd> {
  const path = fileURLToPath(new URL('victim.ts', import.meta.url))
  const victim = spawn(process.execPath, [path, JSON.stringify(work)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const messages: Message[] = []
  let outcome: VictimEnd['outcome']
  let errors = ''
  let countdown = aim?.message ?? 0
  let struck: Promise<void> | undefined
  let struckAfter: number | undefined
  const strikeLater = async (delayMs: number): Promise<void> => {
    if (delayMs >= 1) await sleep(delayMs)
    struckAfter = messages.length
    await strike(victim)
  }
  victim.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines = createInterface({ input: victim.stdout })
  lines.on('line', (line) => {
    // A line that the kill cut in two is no report.
    if (!line.endsWith('}')) return
    const report = JSON.parse(line) as Report
    if (report.kind !== 'message') outcome = report
    else {
      messages.push(report)
      if (!report.writes || report.phase !== aim?.phase || --countdown !== 0) return
      struck = strikeLater(aim.delayMs)
    }
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    victim.on('error', reject)
    victim.on('close', (_, signal) => resolve(signal))
  })
  const signal = await ended
  await struck
  if (signal === null && outcome === undefined) throw new Error(`The victim ended by itself: ${errors}`)
  return { messages, struckAfter, signal, outcome }
}
