/** An option of a command: how its text becomes a value. */
export interface Option<T> {
  readonly summary: string
  /** What stands for the value in the help (`--to VERSION`); null: a flag, which takes none. */
  readonly placeholder: string | null
  /** One letter, written `-x`. */
  readonly short?: string
  /** The value where the option is not given. */
  readonly absent: T
  /**
   * @param before what an earlier mention gave, for options that may be repeated; else `absent`
   * @throws BadValue
   */
  parse(text: string, before: T): T
  readonly repeatable: boolean
}

/** By the name of the value: `lockTimeout` is written `--lock-timeout`. */
export type OptionTable = { readonly [name: string]: Option<unknown> }

export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never
}

/** Why a text is no value of its option. The parser adds which option and which command. */
export class BadValue extends Error {
  readonly remedy: string

  constructor(problem: string, remedy: string) {
    super(problem)
    this.remedy = remedy
  }
}

/** `--yes`: true where it is given. */
export function flag(summary: string, short?: string): Option<boolean> {
  return {
    summary,
    placeholder: null,
    ...(short === undefined ? {} : { short }),
    absent: false,
    parse: () => true,
    repeatable: false,
  }
}

/** `--to V`: any text but the empty one. */
export function text(placeholder: string, summary: string): Option<string | undefined> {
  return { summary, placeholder, absent: undefined, parse: nonEmpty, repeatable: false }
}

/** `--system A --system B`: every text given, in order. */
export function texts(placeholder: string, summary: string): Option<readonly string[]> {
  return {
    summary,
    placeholder,
    absent: [],
    parse: (value, before) => [...before, nonEmpty(value)],
    repeatable: true,
  }
}

/** `--only 01,02`: texts between commas; may also be repeated. */
export function list(placeholder: string, summary: string): Option<readonly string[]> {
  const parse = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    ...value.split(',').map((part) => nonEmpty(part.trim())),
  ]
  return { summary, placeholder, absent: [], parse, repeatable: true }
}

export interface IntegerBounds {
  readonly min: number
  /** Default: no bound. */
  readonly max?: number
}

/** `--concurrency 4`: a whole number within bounds. */
export function integer(
  placeholder: string,
  summary: string,
  bounds: IntegerBounds,
): Option<number | undefined> {
  return {
    summary,
    placeholder,
    absent: undefined,
    parse: (value) => wholeNumber(value, bounds),
    repeatable: false,
  }
}

/** `--lock-timeout 500`, also `500ms`, `5s`, `2min`: milliseconds. */
export function duration(placeholder: string, summary: string): Option<number | undefined> {
  return { summary, placeholder, absent: undefined, parse: milliseconds, repeatable: false }
}

function nonEmpty(value: string): string {
  if (value === '') throw new BadValue('is empty', 'Give it a value.')
  return value
}

function wholeNumber(value: string, { min, max }: IntegerBounds): number {
  const range = max === undefined ? `${min} or more` : `${min} to ${max}`
  const remedy = `Write a whole number, ${range}.`
  if (!/^-?\d+$/.test(value)) throw new BadValue(`"${value}" is no whole number`, remedy)
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < min || (max !== undefined && number > max)) {
    throw new BadValue(`${value} is out of range`, remedy)
  }
  return number
}

const MILLISECONDS_PER_UNIT: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, min: 60_000 }

function milliseconds(value: string): number {
  const [, digits, unit] = /^(\d+)(ms|s|min|)$/.exec(value) ?? []
  const factor = unit === undefined ? undefined : MILLISECONDS_PER_UNIT[unit]
  const result = Number(digits) * (factor ?? Number.NaN)
  // Node's timers and PostgreSQL's timeouts are both signed 32-bit milliseconds.
  if (!(result <= 0x7fff_ffff)) {
    throw new BadValue(
      `"${value}" is no duration`,
      'Write milliseconds (500), or a number with ms, s or min, up to 24 days.',
    )
  }
  return result
}
