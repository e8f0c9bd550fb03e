import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { PlanStep } from '../provision/index.ts'
import { type AuditEvent, appendAudit } from '../state/index.ts'

/** Tells the watcher and the audit log what was done. */
export class StepRecorder {
  readonly #context: Pick<ControlContext, 'onProgress'>
  readonly #control: Connection
  readonly #run: string | null
  #done = 0
  #doneOfPart = 0

  /** @param control the registry's connection */
  constructor(context: Pick<ControlContext, 'onProgress'>, control: Connection, run: string | null) {
    this.#context = context
    this.#control = control
    this.#run = run
  }

  /** How many steps were done in all. */
  get count(): number {
    return this.#done
  }

  /** Announces a part of the work. */
  begin(label: string, total: number): void {
    this.#doneOfPart = 0
    if (total > 0) this.#context.onProgress({ kind: 'begin', label, total })
  }

  /** Records steps that are committed. */
  async done(steps: readonly PlanStep[]): Promise<void> {
    this.#done += steps.length
    this.#doneOfPart += steps.length
    this.#context.onProgress({ kind: 'advance', done: this.#doneOfPart, failed: 0 })
    await appendAudit(this.#control, steps.map(auditEvent), this.#run)
  }
}

/** The statement itself is left out: subject and reason say more, and nothing secret. */
function auditEvent(step: PlanStep): AuditEvent {
  const [kind = 'object'] = step.subject.split(' ')
  return {
    action: `${kind}.${step.action}`,
    subject: step.subject,
    detail: { system: step.system, database: step.database, reason: step.reason },
  }
}
