export {
  type Argument,
  type Call,
  type Command,
  type CommandDefinition,
  defineCommand,
  type Example,
  type Invocation,
  type Outcome,
  requiredWord,
} from './command.ts'
export type { CommandContext } from './command-context.ts'
export { type CommandEntry, findCommand } from './find-command.ts'
export { type GlobalOptions, globalOptions } from './global-options.ts'
export { commandHelp, explainCode, overview } from './help.ts'
export { moment } from './moment.ts'
export {
  BadValue,
  duration,
  flag,
  integer,
  list,
  type Option,
  type OptionTable,
  type OptionValues,
  text,
  texts,
} from './option.ts'
export { optionFlag, parseOptions } from './parse-options.ts'
export { suggestion, usageError } from './usage-error.ts'
