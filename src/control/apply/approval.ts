import { PanalError } from '../../model/index.ts'
import type { Plan, PlanStep } from '../provision/index.ts'

/** What somebody agreed to: the steps that he was shown, or everything. */
export class Approval {
  readonly #statements: ReadonlySet<string> | null

  private constructor(statements: ReadonlySet<string> | null) {
    this.#statements = statements
  }

  static readonly everything = new Approval(null)

  /** The steps of a plan that was shown. */
  static of(plan: Plan): Approval {
    return new Approval(new Set(plan.steps.map((step) => step.sql)))
  }

  /**
   * The server may have changed between the plan that was shown and the one that runs.
   * @throws PANAL_CONFIRMATION_NEEDED when something would be taken away that nobody was shown
   */
  check(steps: readonly PlanStep[]): void {
    const unseen = steps.filter(
      (step) => step.asks !== undefined && this.#statements?.has(step.sql) === false,
    )
    if (unseen.length === 0) return
    throw new PanalError('PANAL_CONFIRMATION_NEEDED', 'The server changed since the plan was shown.', {
      details: unseen.map((step) => `- ${step.subject} (${step.reason})`),
      remedy: 'Look at panal plan and run it again.',
    })
  }
}
