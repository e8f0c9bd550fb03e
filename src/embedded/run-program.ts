import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import type { Account } from './account.ts'

export interface ProgramOptions {
  readonly account?: Account | undefined
  /** Beside the few variables that every program gets. */
  readonly env?: Readonly<Record<string, string>>
  /** In a session of its own, which a terminal's Ctrl-C does not reach. Default false. */
  readonly ownSession?: boolean
}

/** A program of PostgreSQL ended with an exit code other than 0. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure'
  /** Everything it printed, standard output and error in one. */
  readonly output: string

  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

/**
 * What a program inherits. Not the whole environment: PGPORT or LC_ALL would change what it does,
 * and a master key or a DATABASE_URL would be readable in the server's environment by everybody who
 * shares its account.
 */
const inherited = ['PATH', 'TZ', 'TMPDIR', 'SystemRoot', 'TEMP']

/**
 * Runs a program to its end and gives what it printed.
 *
 * Its folder is `/`, since an unprivileged account may not be allowed into the present one; its
 * messages are English, since the causes of failures are read from them.
 *
 * @throws {ProgramFailure} for an exit code other than 0
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', ...options.env }
  for (const name of inherited) if (process.env[name] !== undefined) env[name] = process.env[name]
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options.account,
      cwd: '/',
      env,
      detached: options.ownSession ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output)
      else
        reject(new ProgramFailure(`${basename(program)} ended with ${signal ?? `exit code ${code}`}`, output))
    })
  })
}
