import { PanalError } from '../../model/index.ts'
import type { Terminal } from '../terminal/index.ts'
import type { CommandContext } from './command-context.ts'
import { type GlobalOptions, globalOptions } from './global-options.ts'
import type { OptionTable, OptionValues } from './option.ts'
import { parseOptions } from './parse-options.ts'
import { usageError } from './usage-error.ts'

/** A word that a command takes, beside its options. */
export interface Argument {
  /** In capitals: `SLUG`. */
  readonly name: string
  readonly summary: string
  readonly required: boolean
}

export interface Example {
  /** A line that can be copied into a shell. */
  readonly line: string
  readonly says: string
}

/** What a command file exports (by defineCommand). */
export interface CommandDefinition<O extends OptionTable, R extends object> {
  /** Default: none. */
  readonly arguments?: readonly Argument[]
  readonly options: O
  readonly examples: readonly [Example, ...Example[]]
  /** Does the work. The result is what `--json` prints, so it is plain data. */
  run(context: CommandContext, options: OptionValues<O>, words: readonly string[]): Promise<R>
  /** The result for a person. */
  render(result: R, terminal: Terminal, call: Call<O>): string
  /** 1: done, but something is wrong; 3: a server that was asked about is not there. Default: always 0. */
  exitCode?(result: R, options: OptionValues<O>): 0 | 1 | 3
}

/** What a result answers. */
export interface Call<O extends OptionTable> {
  readonly options: OptionValues<O>
  readonly context: CommandContext
}

/** A finished command, whatever the type of its result. */
export interface Outcome {
  readonly result: object
  readonly exitCode: 0 | 1 | 3
  render(terminal: Terminal): string
}

/** A command with its command line read, ready to run. */
export interface Invocation {
  readonly globals: GlobalOptions
  execute(context: CommandContext): Promise<Outcome>
}

export interface Command {
  readonly arguments: readonly Argument[]
  readonly options: OptionTable
  readonly examples: readonly Example[]
  /**
   * @param name such as `panal tenant create`
   * @throws PANAL_USAGE
   */
  prepare(tokens: readonly string[], name: string): Invocation
}

/** Hides the types of options and result behind one shape that the framework can run. */
export function defineCommand<const O extends OptionTable, R extends object>(
  definition: CommandDefinition<O, R>,
): Command {
  const declared = definition.arguments ?? []
  return {
    arguments: declared,
    options: definition.options,
    examples: definition.examples,
    prepare(tokens, name) {
      const table = { ...globalOptions, ...definition.options }
      const { options, words } = parseOptions(tokens, table, name)
      return {
        globals: options,
        async execute(context) {
          checkWords(declared, words, name)
          const result = await definition.run(context, options, words)
          return {
            result,
            exitCode: definition.exitCode?.(result, options) ?? 0,
            render: (terminal) => definition.render(result, terminal, { options, context }),
          }
        },
      }
    },
  }
}

function checkWords(declared: readonly Argument[], words: readonly string[], name: string): void {
  const missing = declared.find((argument, index) => argument.required && words[index] === undefined)
  if (missing !== undefined) {
    throw usageError(`${name} needs ${missing.name}: ${missing.summary}.`, `See ${name} --help.`)
  }
  const surplus = words[declared.length]
  if (surplus !== undefined) {
    throw usageError(`${name} cannot use "${surplus}".`, `See ${name} --help.`)
  }
}

/** @returns the word at `index`, which the argument list has declared as required */
export function requiredWord(words: readonly string[], index: number): string {
  const word = words[index]
  if (word === undefined) throw new PanalError('PANAL_INTERNAL', `required argument ${index} is missing`)
  return word
}
