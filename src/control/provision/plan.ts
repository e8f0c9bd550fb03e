import type { ErrorCode } from '../../model/index.ts'
import type { ForeignGrant } from '../access/index.ts'
import type { PlanStep } from './step.ts'

/** What separates the server from the model, as a value. */
export interface Plan {
  readonly steps: readonly PlanStep[]
  /** What the model no longer has: revoked and locked by the steps, dropped only by --prune. */
  readonly orphans: readonly Orphan[]
  /** Rights of roles that Panal does not manage on what it manages: reported, never touched. */
  readonly foreign: readonly (ForeignGrant & { readonly database: string })[]
  /** What only somebody else can mend: the statement, and the role that must run it. */
  readonly unreachable: readonly UnreachableStep[]
  /** Declared names that exist without Panal's mark; apply refuses until --adopt. */
  readonly unmarked: readonly Unmarked[]
  /** Breaches of the model that no statement mends. */
  readonly problems: readonly PlanProblem[]
}

export interface Orphan {
  readonly kind: 'role' | 'schema'
  readonly name: string
  readonly system: string
  /** The database of a schema. */
  readonly database?: string
}

export interface Unmarked {
  readonly kind: 'role' | 'schema' | 'database'
  readonly name: string
  readonly system: string
  readonly database?: string
}

/** Who must run what no role can do. No role has this name: it holds a space. */
export const SUPERUSER = 'a superuser'

export interface UnreachableStep {
  readonly sql: string
  /** A role, or {@link SUPERUSER}. */
  readonly role: string
  readonly subject: string
  readonly database: string
}

export interface PlanProblem {
  /** PANAL_MODEL_INVALID: apply refuses to begin. PANAL_ROW_TENANCY: it closes what it found, and fails unless a migration mends it. */
  readonly code: Extract<ErrorCode, 'PANAL_MODEL_INVALID' | 'PANAL_ROW_TENANCY'>
  readonly system: string
  readonly service: string
  readonly tenant: string | null
  readonly message: string
}

export const emptyPlan: Plan = {
  steps: [],
  orphans: [],
  foreign: [],
  unreachable: [],
  unmarked: [],
  problems: [],
}

/** One plan out of several, in their order. */
export function joinPlans(plans: readonly Plan[]): Plan {
  return {
    steps: plans.flatMap((plan) => plan.steps),
    orphans: plans.flatMap((plan) => plan.orphans),
    foreign: plans.flatMap((plan) => plan.foreign),
    unreachable: plans.flatMap((plan) => plan.unreachable),
    unmarked: plans.flatMap((plan) => plan.unmarked),
    problems: plans.flatMap((plan) => plan.problems),
  }
}

/** Whether the server already is as the model wants it, as far as Panal can make it so. */
export function isEmpty(plan: Plan): boolean {
  return plan.steps.length === 0 && plan.unmarked.length === 0 && plan.problems.length === 0
}
