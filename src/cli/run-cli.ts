import { errorRegistry, PanalError } from '../model/index.ts'
import { askOn, type Console, canAskOn } from './ask.ts'
import { commandTable } from './commands/index.ts'
import { errorDocument, toPanalError } from './error-document.ts'
import {
  type CommandEntry,
  commandHelp,
  explainCode,
  findCommand,
  flag,
  globalOptions,
  type Invocation,
  overview,
  parseOptions,
} from './framework/index.ts'
import { startProgress } from './progress/index.ts'
import { errorPage, type OutputStream, type Terminal, terminalOf } from './terminal/index.ts'
import { panalVersion } from './version.ts'

/** The process that a command line runs in; tests give their own streams. */
export interface CliProcess extends Console {
  /** Without the programs: `['apply', '--yes']`. */
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: OutputStream
}

const INTERRUPTED = 130

/** What may be asked of panal itself, without a command. */
const ownOptions = { ...globalOptions, version: flag('print the version', 'v') }

/**
 * Runs one command line to its end and writes its result, or its error.
 *
 * @returns the exit code: 0 done · 1 done, but something is wrong · 2 usage · 3 the database · 130 interrupted
 */
export async function runCli(cli: CliProcess): Promise<number> {
  const json = wantsJson(cli.argv)
  try {
    return await dispatch(cli, json)
  } catch (thrown) {
    const error = cli.signal.aborted && isAbort(thrown) ? interrupted(thrown) : toPanalError(thrown)
    if (json) await writeJson(cli.stdout, errorDocument(error))
    else await write(cli.stderr, errorPage(error, terminalOf(cli.stderr, cli.environment), cli.cwd))
    return error.exitCode
  }
}

async function dispatch(cli: CliProcess, json: boolean): Promise<number> {
  const terminal = terminalOf(cli.stdout, cli.environment)
  const [first, ...rest] = cli.argv
  if (first === 'help') return help(cli, rest, json, terminal)
  const { entry, choices, tokens } = findCommand(cli.argv, commandTable)
  if (entry === undefined) {
    const { options } = parseOptions(tokens, ownOptions, 'panal')
    if (options.version) await show(cli, json, { version: panalVersion() }, `${panalVersion()}\n`)
    else await show(cli, json, { commands: choices.map(describe) }, overview(choices, terminal))
    return 0
  }
  const command = await entry.load()
  const invocation = command.prepare(tokens, `panal ${entry.name}`)
  if (invocation.globals.help) {
    const page = commandHelp(entry, command, terminal)
    await show(cli, json, { ...describe(entry), help: page }, page)
    return 0
  }
  return execute(cli, invocation, terminal)
}

/** `panal help tenant create` is `panal tenant create --help`; `panal help PANAL_USAGE` explains the code. */
async function help(
  cli: CliProcess,
  topics: readonly string[],
  json: boolean,
  terminal: Terminal,
): Promise<number> {
  const code = Object.entries(errorRegistry).find(([name]) => name === topics[0]?.toUpperCase())
  if (code === undefined) return dispatch({ ...cli, argv: [...topics, '--help'] }, json)
  await show(cli, json, { code: code[0], ...code[1] }, explainCode(code[0], code[1], terminal))
  return 0
}

async function execute(cli: CliProcess, invocation: Invocation, terminal: Terminal): Promise<number> {
  const { globals } = invocation
  const progress = startProgress({
    stream: cli.stderr,
    environment: cli.environment,
    quiet: globals.quiet,
  })
  try {
    const outcome = await invocation.execute({
      globals,
      cwd: cli.cwd,
      environment: cli.environment,
      signal: cli.signal,
      onProgress: progress.listener,
      canAsk: canAskOn(cli),
      ask: (question, steps) => askOn(cli, question, steps),
    })
    progress.stop()
    const text = globals.json ? '' : outcome.render(terminal)
    await show(cli, globals.json, outcome.result, text)
    return cli.signal.aborted ? INTERRUPTED : outcome.exitCode
  } finally {
    progress.stop()
  }
}

const describe = ({ name, summary }: CommandEntry) => ({ name, summary })

/** The command line may be too broken to be parsed, and its error must still be JSON. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json')
}

const isAbort = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'AbortError'

function interrupted(cause: unknown): PanalError {
  return new PanalError('PANAL_INTERRUPTED', 'Interrupted. What was finished stays recorded.', { cause })
}

async function show(cli: CliProcess, json: boolean, result: object, text: string): Promise<void> {
  if (json) await writeJson(cli.stdout, result)
  else if (text !== '') await write(cli.stdout, text.endsWith('\n') ? text : `${text}\n`)
}

/** Indented for a person, one line for a program. */
function writeJson(stream: OutputStream, document: object): Promise<void> {
  return write(stream, `${JSON.stringify(document, null, stream.isTTY === true ? 2 : 0)}\n`)
}

/** Resolves when the text has left the process, so that exiting then cuts nothing off. */
function write(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A reader that went away (`| head`) wants no more; that is no failure of the command.
    stream.write(text, () => resolve())
  })
}
