import type { ErrorEntry } from '../../model/index.ts'
import { padEnd, type Terminal } from '../terminal/index.ts'
import type { Command } from './command.ts'
import type { CommandEntry } from './find-command.ts'
import { globalOptions } from './global-options.ts'
import type { OptionTable } from './option.ts'
import { optionFlag } from './parse-options.ts'

/** The page of `panal --help`. */
export function overview(entries: readonly CommandEntry[], { paint }: Terminal): string {
  const commands: Line[] = entries.map((entry) => [entry.name, entry.summary])
  return `${[
    'panal: services and tenants on PostgreSQL, from one declarative file',
    heading('Usage', paint.bold('panal COMMAND [OPTIONS]')),
    section('Commands', commands),
    section('Options of every command', optionLines(globalOptions)),
    'panal help COMMAND shows its options and an example; panal help CODE explains an error.',
  ].join('\n\n')}\n`
}

/** The page of `panal COMMAND --help`. */
export function commandHelp(entry: CommandEntry, command: Command, { paint }: Terminal): string {
  const words = command.arguments.map(({ name, required }) => (required ? name : `[${name}]`))
  const usage = ['panal', entry.name, ...words, '[OPTIONS]'].join(' ')
  const blocks = [
    `${paint.bold(`panal ${entry.name}`)}: ${entry.summary}`,
    heading('Usage', usage),
    section(
      'Arguments',
      command.arguments.map(({ name, summary }): Line => [name, summary]),
    ),
    section('Options', optionLines(command.options)),
    section('Options of every command', optionLines(globalOptions)),
    `Examples\n${command.examples.map(({ line, says }) => `  ${paint.dim(`# ${says}`)}\n  ${line}`).join('\n')}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** The page of `panal help CODE`. */
export function explainCode(code: string, entry: ErrorEntry, { paint }: Terminal): string {
  return `${paint.bold(code)}   exit ${entry.exitCode}\n\n  ${entry.meaning}\n\n${entry.remedy}\n`
}

type Line = readonly [left: string, right: string]

function section(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return ''
  const width = Math.max(...lines.map(([left]) => left.length))
  return [title, ...lines.map(([left, right]) => `  ${padEnd(left, width)}  ${right}`)].join('\n')
}

const heading = (title: string, body: string): string => `${title}\n  ${body}`

function optionLines(table: OptionTable): Line[] {
  return Object.entries(table).map(([name, option]): Line => {
    const short = option.short === undefined ? '' : `-${option.short}, `
    const value = option.placeholder === null ? '' : ` ${option.placeholder}`
    return [`${short}${optionFlag(name)}${value}`, option.summary]
  })
}
