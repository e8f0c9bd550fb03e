import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs the real command line, as a process of its own. */

export const launcher = fileURLToPath(new URL('../bin/panal.js', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  /** Options of Node itself. */
  readonly node?: readonly string[]
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>
}

/** Collects what a process writes until its end. */
export async function finished(child: ChildProcess): Promise<CliResult> {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

export function startPanal(args: readonly string[], options: CliOptions = {}): ChildProcess {
  const { cwd = '/', node = [], env = {} } = options
  return spawn(process.execPath, [...node, launcher, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...process.env, FORCE_COLOR: '0', ...env },
  })
}

/** Without a terminal. */
export const panal = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  finished(startPanal(args, options))

/** Opens a terminal for a program, types each answer when its question has appeared, and prints what was shown. */
const typist = `
import os, pty, sys
answers = [pair.split('=>') for pair in sys.argv[1].split('|') if pair]
shown = b''
def read(fd):
    global shown
    data = os.read(fd, 4096)
    shown += data
    if answers and answers[0][0].encode() in shown:
        os.write(fd, answers.pop(0)[1].encode().decode('unicode_escape').encode())
        shown = b''
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
`

/** Why there is no terminal to be had here, or false. */
export const noTerminal: string | false =
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0
    ? false
    : 'needs python3 to open a terminal: Node has none'

/**
 * In a terminal. Stdout and stderr are one there.
 *
 * @param answers what to type when a text has appeared, in order; `\\x03` is Ctrl-C
 */
export function panalInTerminal(
  args: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
  { cwd = '/', env = {} }: CliOptions = {},
): Promise<CliResult> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env
  const script = answers.map(([question, answer]) => `${question}=>${answer}`).join('|')
  const child = spawn('python3', ['-c', typist, script, process.execPath, launcher, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, TERM: 'xterm', ...env },
  })
  return finished(child)
}
