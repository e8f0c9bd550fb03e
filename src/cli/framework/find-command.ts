import type { Command } from './command.ts'
import { globalOptions } from './global-options.ts'
import { optionFlag } from './parse-options.ts'
import { suggestion, usageError } from './usage-error.ts'

/** A line of the command table. The file itself is read only when the command is called: start-up stays short. */
export interface CommandEntry {
  /** `apply`, or `tenant create`. */
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

export interface FoundCommand {
  /** Absent where the line names no command, or a group of them and asks for help. */
  readonly entry: CommandEntry | undefined
  /** What to show help about where `entry` is absent. */
  readonly choices: readonly CommandEntry[]
  /** Everything but the command's own words: options before and after it, and its arguments. */
  readonly tokens: readonly string[]
}

/**
 * Finds which command a line calls; the longest name wins. Global options may stand before it.
 *
 * @throws PANAL_USAGE for a command that does not exist
 */
export function findCommand(argv: readonly string[], entries: readonly CommandEntry[]): FoundCommand {
  const start = skipGlobalOptions(argv)
  const before = argv.slice(0, start)
  const [first, second] = argv.slice(start)
  if (first === undefined) return { entry: undefined, choices: entries, tokens: before }
  const pair = entries.find((entry) => entry.name === `${first} ${second}`)
  if (pair !== undefined) return { entry: pair, choices: [], tokens: [...before, ...argv.slice(start + 2)] }
  const single = entries.find((entry) => entry.name === first)
  if (single !== undefined)
    return { entry: single, choices: [], tokens: [...before, ...argv.slice(start + 1)] }
  const members = entries.filter((entry) => entry.name.startsWith(`${first} `))
  if (members.length > 0 && argv.some((token) => token === '--help' || token === '-h')) {
    return { entry: undefined, choices: members, tokens: [...before, ...argv.slice(start + 1)] }
  }
  throw unknownCommand(first, second, entries)
}

/** @returns the index of the first token that is neither a global option nor the value of one */
function skipGlobalOptions(argv: readonly string[]): number {
  const takesValue = new Set(
    Object.entries(globalOptions)
      .filter(([, option]) => option.placeholder !== null)
      .map(([name]) => optionFlag(name)),
  )
  let at = 0
  while (argv[at]?.startsWith('-')) at += takesValue.has(argv[at] ?? '') ? 2 : 1
  return Math.min(at, argv.length)
}

function unknownCommand(first: string, second: string | undefined, entries: readonly CommandEntry[]) {
  const names = entries.map((entry) => entry.name)
  const members = names.filter((name) => name.startsWith(`${first} `))
  if (members.length === 0) {
    const groups = new Set(names.map((name) => name.split(' ')[0] ?? name))
    return usageError(`There is no command "${first}".`, suggestion(first, groups, 'See panal --help'))
  }
  if (second === undefined || second.startsWith('-')) {
    return usageError(`panal ${first} needs to know what to do.`, `Write one of: ${members.join(', ')}.`)
  }
  const choices = members.map((name) => name.slice(first.length + 1))
  return usageError(
    `There is no command "${first} ${second}".`,
    suggestion(second, choices, `Write one of: ${members.join(', ')}`),
  )
}
