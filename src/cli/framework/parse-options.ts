import { BadValue, type Option, type OptionTable, type OptionValues } from './option.ts'
import { suggestion, usageError } from './usage-error.ts'

export interface ParsedLine<O extends OptionTable> {
  readonly options: OptionValues<O>
  /** What is no option, in order. */
  readonly words: readonly string[]
}

/** `lockTimeout` → `--lock-timeout`. */
export const optionFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/**
 * Reads the options of a command line: `--x v`, `--x=v`, `-x`; everything after `--` is a word.
 *
 * @param command how messages name the command, such as `panal migrate`
 * @throws PANAL_USAGE for an unknown option, a missing or a bad value
 */
export function parseOptions<const O extends OptionTable>(
  tokens: readonly string[],
  table: O,
  command: string,
): ParsedLine<O> {
  const values = new Map(Object.entries(table).map(([name, option]) => [name, option.absent]))
  const given = new Set<string>()
  const words: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    if (token === '--') {
      words.push(...tokens.slice(at + 1))
      break
    }
    if (!token.startsWith('-') || token === '-') {
      words.push(token)
      continue
    }
    const { written, inline } = splitToken(token)
    const [name, option] = findOption(table, written, command)
    if (given.has(name) && !option.repeatable && option.placeholder !== null) {
      throw usageError(`${command}: ${written} is given twice.`, 'Give it once.')
    }
    given.add(name)
    const value = inline ?? (option.placeholder === null ? undefined : valueToken(tokens[at + 1]))
    if (inline === undefined && value !== undefined) at++
    values.set(name, readValue(option, written, value, values.get(name), command))
  }
  // The one place where the table's types meet the texts of the command line.
  return { options: Object.fromEntries(values) as OptionValues<O>, words }
}

function splitToken(token: string): { written: string; inline: string | undefined } {
  const equals = token.indexOf('=')
  return equals === -1
    ? { written: token, inline: undefined }
    : { written: token.slice(0, equals), inline: token.slice(equals + 1) }
}

/** `--to --json` is a forgotten value, not the value "--json"; `--to=--json` can still say so. */
function valueToken(token: string | undefined): string | undefined {
  return token?.startsWith('-') && token !== '-' ? undefined : token
}

function findOption(table: OptionTable, written: string, command: string): [string, Option<unknown>] {
  const found = Object.entries(table).find(
    ([name, option]) => optionFlag(name) === written || written === `-${option.short}`,
  )
  if (found !== undefined) return found
  throw usageError(
    `${command} has no option ${written}.`,
    suggestion(written, Object.keys(table).map(optionFlag), `See ${command} --help`),
  )
}

function readValue(
  option: Option<unknown>,
  written: string,
  given: string | undefined,
  before: unknown,
  command: string,
): unknown {
  if (option.placeholder === null && given !== undefined) {
    throw usageError(`${command}: ${written} takes no value.`, `Write ${written} alone.`)
  }
  const usage = `${written} ${option.placeholder}`
  if (option.placeholder !== null && given === undefined) {
    throw usageError(`${command}: ${written} needs a value.`, `Write ${usage}.`)
  }
  try {
    return option.parse(given ?? '', before)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    throw usageError(`${command}: ${usage}: ${error.message}.`, error.remedy)
  }
}
