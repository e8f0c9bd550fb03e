import type { ProgressEvent } from '../../src/control/context/index.ts'

/**
 * Where a run can be killed, in the order of an apply. `opening`: the control role and database, the registry, the record of run
 * and tenants. `targets`: a schema with its rights, in one transaction. `statements`: transaction:false files.
 */
export const PHASES = [
  'opening',
  'roles',
  'databases',
  'ledger',
  'schemas',
  'extensions',
  'privileges',
  'targets',
  'migrations',
  'statements',
  'seeds',
  'closing',
] as const

export type Phase = (typeof PHASES)[number]

/** Of a transaction:false file, and what is recorded of it. */
const STATEMENT = /CONCURRENTLY|ADD VALUE|(INSERT INTO|UPDATE|DELETE FROM) panal\.ledger_statements/

/** What a message to the server does, told by its text, within the part that the run says it is at. */
const MARKS: readonly { readonly part: RegExp; readonly text: RegExp; readonly phase: Phase }[] = [
  { part: /^schemas of /, text: /CREATE EXTENSION/, phase: 'extensions' },
  { part: /^schemas of /, text: /panal\.ledger|CREATE SCHEMA IF NOT EXISTS panal/i, phase: 'ledger' },
  { part: /^schemas of /, text: /CREATE SCHEMA[^;]* AUTHORIZATION/, phase: 'targets' },
  { part: /^schemas of /, text: /CREATE SCHEMA|REVOKE ALL ON SCHEMA public/, phase: 'schemas' },
  { part: /^schemas of /, text: /GRANT|ALTER DEFAULT PRIVILEGES/, phase: 'privileges' },
  { part: /^migrat/, text: STATEMENT, phase: 'statements' },
]

/** Follows a run by its progress and its messages, and says in which phase each message stands. */
export class PhaseFollower {
  #part = ''
  #phase: Phase = 'opening'

  onProgress(event: ProgressEvent): void {
    if (event.kind !== 'begin') return
    this.#part = event.label
    if (event.label === 'roles' || event.label === 'databases') this.#phase = event.label
    if (/^migrat/.test(event.label)) this.#phase = 'migrations'
    if (/^seed/.test(event.label)) this.#phase = 'seeds'
  }

  /** @param text of the message that is about to be sent */
  phaseOf(text: string): Phase {
    const mark = MARKS.find(({ part, text: pattern }) => part.test(this.#part) && pattern.test(text))
    if (mark !== undefined) this.#phase = mark.phase
    // A file in a transaction ends the one without.
    else if (/^migrat/.test(this.#part) && /ledger_apply/.test(text)) this.#phase = 'migrations'
    if (/UPDATE panal\.(runs SET status|tenants|targets)/i.test(text) && this.#phase !== 'opening')
      this.#phase = 'closing'
    return this.#phase
  }
}

/** Whether a message changes something: between two that do, every moment of a kill is the same to the server. */
export function writes(text: string): boolean {
  return !/^\s*(select|with)\b/i.test(text) && WRITING.test(text)
}

const WRITING = /\b(CREATE|ALTER|GRANT|REVOKE|INSERT|UPDATE|DELETE|DROP|COMMENT ON|COMMIT)\b/

/** The first words that say something of a message: for the table of kills. */
export function describeMessage(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim()
  const telling = /(CREATE|ALTER|GRANT|REVOKE|INSERT|UPDATE|DROP|COMMENT|DELETE) .*/i.exec(
    words.replaceAll(/'SCRAM[^']*'/g, "'…'"),
  )
  return (telling?.[0] ?? words).slice(0, 70)
}
