// A process that does one piece of work and says before each message to the server what it is: argument 1 is a JSON
// of VictimWork. It exists to be killed.

import { writeSync } from 'node:fs'
import { applyPlatform } from '../../src/control/apply/index.ts'
import type { ControlContext } from '../../src/control/context/index.ts'
import { createTenants } from '../../src/control/tenants/index.ts'
import { PanalError } from '../../src/model/index.ts'
import { Connection } from '../../src/postgres/connection.ts'
import type { Sql } from '../../src/postgres/index.ts'
import { describeMessage, PhaseFollower, writes } from './phases.ts'
import { KILLED_APPLICATION, platformContext } from './platform-context.ts'
import type { Report, VictimWork } from './victim-run.ts'

const started = performance.now()
const work = JSON.parse(process.argv[2]!) as VictimWork
const follower = new PhaseFollower()
const report = (line: Report): void => {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

traceMessages((text) => {
  report({
    kind: 'message',
    phase: follower.phaseOf(text),
    step: describeMessage(text),
    writes: writes(text),
    ms: performance.now() - started,
  })
})
const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())
const context = await platformContext(work.place, {
  applicationName: KILLED_APPLICATION,
  signal: interrupt.signal,
  onProgress: (event) => follower.onProgress(event),
})
try {
  report({ kind: 'done', failed: await perform(context) })
} catch (error) {
  const { code, message } = described(error)
  report({ kind: 'error', code, message })
}

/** Who passes a signal gets its reason thrown, as the command line does. */
function described(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'ABORTED', message: error.message }
  if (!(error instanceof PanalError)) throw error
  return { code: error.code, message: [error.message, ...error.details].join('\n') }
}

async function perform(control: ControlContext): Promise<number> {
  if (work.kind === 'apply') {
    const selection = work.systems === undefined ? {} : { systems: work.systems }
    return (await applyPlatform(control, { seed: true, selection })).failed.length
  }
  return (await createTenants(control, { system: work.system, slugs: work.slugs, seed: true })).failed.length
}

/** Every statement of Panal goes through these two methods; nothing is changed in what they do. */
function traceMessages(onMessage: (text: string) => void): void {
  const { query, script } = Connection.prototype
  Connection.prototype.query = function traced<Row extends object>(this: Connection, statement: Sql) {
    onMessage(statement.text)
    return query.call(this, statement) as Promise<Row[]>
  }
  Connection.prototype.script = function traced(this: Connection, text: string) {
    onMessage(text)
    return script.call(this, text)
  }
}
