import { relative } from 'node:path'
import { formatPlace, type Place } from '../../model/index.ts'
import { printable, type Terminal } from '../terminal/index.ts'

/** A target on which something failed, as runs report it. */
export interface Failure {
  readonly target: string
  /** Empty where it was no migration. */
  readonly migration: string
  readonly code: string
  readonly message: string
  readonly place?: Place
  readonly details?: readonly string[]
}

/** More than these are counted: a fleet fails a thousand times for one reason. */
const SHOWN = 20

/** What failed: where, which file, why, and the place in the file of the first of each kind. */
export function failureList(failures: readonly Failure[], { paint }: Terminal, cwd: string): string[] {
  const explained = new Set<string>()
  const lines = failures.slice(0, SHOWN).flatMap((failure) => {
    const place =
      failure.place === undefined
        ? ''
        : `   ${formatPlace({ ...failure.place, file: relative(cwd, failure.place.file) })}`
    const what = [failure.target, failure.migration, failure.code].filter((part) => part !== '').join('   ')
    const kind = `${failure.migration} ${failure.message}`
    const details = explained.has(kind) ? [] : (failure.details ?? [])
    explained.add(kind)
    return [
      `  ${paint.red('✗')} ${printable(what)}   ${printable(failure.message)}${place}`,
      ...details.map((line) => `    ${printable(line)}`),
    ]
  })
  const rest = failures.length - SHOWN
  return rest > 0 ? [...lines, `  … and ${rest} more; --json lists all`] : lines
}
