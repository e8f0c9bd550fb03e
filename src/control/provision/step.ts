/** The order in which a plan's steps commit; each phase in transactions of its own. */
export const PHASES = ['roles', 'databases', 'schemas', 'extensions', 'privileges', 'prune'] as const

export type Phase = (typeof PHASES)[number]

/** What a step takes away, so that somebody must agree to it first. */
export type Asks = 'revoke' | 'owner' | 'login' | 'drop'

/**
 * One change that `apply` would make. A plan is a value: it prints, serialises and compares; it
 * holds no secret, since a password appears as a placeholder until the statement runs.
 */
export interface PlanStep {
  readonly phase: Phase
  readonly system: string
  readonly service?: string
  readonly tenant?: string
  /** The key of the database where it runs; `control` for what the whole cluster shares. */
  readonly database: string
  /** The role that runs it, taken with SET LOCAL ROLE; null: the operator as he logged in. */
  readonly as: string | null
  readonly sql: string
  readonly reason: string
  readonly action: 'create' | 'change' | 'remove'
  /** What it is about: `role courses_svc`, `schema courses`, `grant select on courses.* to ai_svc`. */
  readonly subject: string
  readonly asks?: Asks
  /** The login whose password verifier takes the place of {@link passwordPlaceholder}. */
  readonly passwordOf?: string
  /** CREATE DATABASE runs in no transaction. */
  readonly outsideTransaction?: true
  /** Tables of Panal's own, made by the code that knows their versions. */
  readonly makes?: 'registry' | 'ledger'
}

/** Stands in a plan where the server gets a SCRAM verifier. */
export const passwordPlaceholder = (role: string): string => `'<password verifier of ${role}>'`
