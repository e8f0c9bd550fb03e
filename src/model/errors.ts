/**
 * The registry of every error that Panal gives a person. A code is a promise: it is documented in
 * docs/reference/errors.md (a test compares both ways), it is never reused, and programs may
 * branch on it. `exitCode` is the command line's, `httpStatus` the API's.
 */
export interface ErrorEntry {
  /** 2: usage or bad input · 1: done, but something is wrong · 3: the database refuses · 130: interrupted. */
  readonly exitCode: 1 | 2 | 3 | 130
  readonly httpStatus: number
  /** What happened, in a sentence that fits every occurrence. */
  readonly meaning: string
  /** What to do about it. An occurrence may give a better one. */
  readonly remedy: string
}

const entry = (
  exitCode: ErrorEntry['exitCode'],
  httpStatus: number,
  meaning: string,
  remedy: string,
): ErrorEntry => Object.freeze({ exitCode, httpStatus, meaning, remedy })

export const errorRegistry = Object.freeze({
  PANAL_INTERNAL: entry(
    1,
    500,
    'Panal met a state it did not expect: a defect of Panal itself.',
    'Run it again with --json and report the output.',
  ),
  PANAL_INTERRUPTED: entry(
    130,
    409,
    'The command was interrupted; what was finished stays recorded.',
    'Run the same command again: it goes on from there.',
  ),
  PANAL_USAGE: entry(
    2,
    400,
    'The command line names a command or an option that does not exist, or misses one.',
    'See panal --help.',
  ),
  PANAL_CONFIRMATION_NEEDED: entry(
    2,
    409,
    'The operation takes something away and nobody confirmed it.',
    'Look at panal plan, then add --yes.',
  ),

  PANAL_CONFIG_NOT_FOUND: entry(
    2,
    404,
    'There is no panal.config.ts here.',
    'Run panal init, or name the file with --config.',
  ),
  PANAL_CONFIG_INVALID: entry(
    2,
    422,
    'The configuration cannot be used as it is.',
    'Mend every place that the message names.',
  ),
  PANAL_MODEL_INVALID: entry(
    2,
    422,
    'A system description cannot be used as it is.',
    'Mend every place that the message names.',
  ),
} satisfies Record<string, ErrorEntry>)

export type ErrorCode = keyof typeof errorRegistry

/** Where in the user's own files the cause stands. Lines and columns count from 1, columns in code points. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface ErrorContext {
  readonly place?: Place
  /** Replaces the registry's remedy where this occurrence knows better. */
  readonly remedy?: string
  /** Further lines for a person: a source excerpt with a caret, a diff, a list of problems. */
  readonly details?: readonly string[]
  /** The driver's or the system's own error, kept whole. */
  readonly cause?: unknown
}

/** An error of the registry: what, where, why and what to do. Everything thrown on purpose is one. */
export class PanalError extends Error {
  override readonly name = 'PanalError'
  readonly code: ErrorCode
  readonly exitCode: ErrorEntry['exitCode']
  readonly httpStatus: number
  readonly remedy: string
  readonly place: Place | undefined
  readonly details: readonly string[]

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause })
    const registered: ErrorEntry = errorRegistry[code]
    this.code = code
    this.exitCode = registered.exitCode
    this.httpStatus = registered.httpStatus
    this.remedy = context.remedy ?? registered.remedy
    this.place = context.place
    this.details = context.details ?? []
  }
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function formatPlace(place: Place): string {
  if (place.line === undefined) return place.file
  return place.column === undefined
    ? `${place.file}:${place.line}`
    : `${place.file}:${place.line}:${place.column}`
}
