import { hint } from './nearest.ts'
import type { ProblemList } from './problem.ts'

/** Adds a problem for every key that means nothing here: a typo must not be a silent default. */
export function rejectUnknownKeys(
  problems: ProblemList,
  path: string,
  value: object,
  known: readonly string[],
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    problems.add(path === '' ? key : `${path}.${key}`, `is unknown; ${hint(key, known)}`)
  }
}
