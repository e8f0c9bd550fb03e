import { nearest } from './nearest.ts'
import type { ProblemList } from './problem.ts'
import { rejectUnknownKeys } from './unknown-keys.ts'

/**
 * What a value must look like. Node strips the types of `system.ts` without checking them, so a
 * description may hold anything. A shape adds a problem for whatever does not fit and returns
 * undefined for it, so that the checks of meaning that follow see only what they can work with.
 */
export type Shape<T> = (problems: ProblemList, path: string, value: unknown) => T | undefined

/** A shape for every key of T: a key added to the type is a compile error until it has one. */
type Fields<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> }

export const text: Shape<string> = (problems, path, value) =>
  typeof value === 'string' ? value : misfit(problems, path, value, 'a text')

export const flag: Shape<boolean> = (problems, path, value) =>
  typeof value === 'boolean' ? value : misfit(problems, path, value, 'true or false')

export const number: Shape<number> = (problems, path, value) =>
  typeof value === 'number' ? value : misfit(problems, path, value, 'a number')

/** A function of a slug. `example` is how one is written. */
export function slugFunction(example: string): Shape<(slug: string) => string> {
  return (problems, path, value) =>
    isSlugFunction(value) ? value : misfit(problems, path, value, `a function of the slug: ${example}`)
}

// What the function returns is tried where its names are checked.
const isSlugFunction = (value: unknown): value is (slug: string) => string => typeof value === 'function'

/** One of a few words, with a suggestion for a mistyped one. */
export function oneOf<const W extends string>(...words: readonly W[]): Shape<W> {
  return (problems, path, value) => {
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    if (typeof value !== 'string') return misfit(problems, path, value, `one of ${words.join(', ')}`)
    const suggestion = nearest(value, words)
    const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
    problems.add(path, `"${value}" is none of ${words.join(', ')}${hint}`)
    return undefined
  }
}

/** A list. One element that does not fit leaves the whole list out, so that later indexes stay right. */
export function listOf<T>(element: Shape<T>): Shape<readonly T[]> {
  return (problems, path, value) => {
    if (!Array.isArray(value)) return misfit(problems, path, value, 'a list')
    const elements = value.map((item: unknown, index) => element(problems, `${path}[${index}]`, item))
    const fitting = elements.filter((item) => item !== undefined)
    return fitting.length === elements.length ? fitting : undefined
  }
}

/** An object whose keys are names of the author's own. Values that do not fit are left out. */
export function recordOf<T>(element: Shape<T>): Shape<{ readonly [key: string]: T }> {
  return (problems, path, value) => {
    if (!isObject(value)) return misfit(problems, path, value, 'an object')
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const fitted = element(problems, join(path, key), item)
      return fitted === undefined ? [] : [[key, fitted] as const]
    })
    return Object.fromEntries(entries)
  }
}

/** An object of known keys: an unknown one is a problem, as is a required one that is missing. */
export function objectOf<T extends object>(
  fields: Fields<T>,
  required: readonly (keyof T & string)[] = [],
): Shape<T> {
  const shapes: readonly [string, Shape<unknown>][] = Object.entries(fields)
  return (problems, path, value) => {
    if (!isObject(value)) return misfit(problems, path, value, 'an object')
    rejectUnknownKeys(problems, path, value, Object.keys(fields))
    const fitted: Record<string, unknown> = {}
    for (const [key, shape] of shapes) {
      const given = value[key]
      if (given !== undefined) fitted[key] = shape(problems, join(path, key), given)
      else if (required.some((name) => name === key)) problems.add(join(path, key), 'is missing')
      if (fitted[key] === undefined) delete fitted[key]
    }
    // Every key present has passed the shape of its type, and every required one is present.
    return required.every((key) => key in fitted) ? (fitted as T) : undefined
  }
}

/** A shape that gives `fallback` for what does not fit, so that the checks around it go on. */
export function orElse<T>(shape: Shape<T>, fallback: T): Shape<T> {
  return (problems, path, value) => shape(problems, path, value) ?? fallback
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Adds the problem of a value that is something else altogether. */
export function misfit(problems: ProblemList, path: string, value: unknown, wanted: string): undefined {
  problems.add(path === '' ? '(default export)' : path, `must be ${wanted}, not ${kindOf(value)}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return `the text "${value}"`
    case 'object':
      return 'an object'
    case 'function':
      return 'a function'
    case 'undefined':
      return 'undefined'
    default:
      return String(value)
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
