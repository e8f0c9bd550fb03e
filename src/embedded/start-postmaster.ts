import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, giveTo } from './account.ts'
import { chooseFreePort } from './free-port.ts'
import type { HomeLayout } from './home-layout.ts'
import { program } from './install-binaries.ts'
import { endOrphans, livingPostmaster, removeStalePostmasterFile } from './postmaster.ts'
import { ProgramFailure, runProgram } from './run-program.ts'
import { prepareLog, readLogFrom } from './server-log.ts'
import { readState, writeState } from './server-state.ts'

export interface PostmasterStart {
  readonly layout: HomeLayout
  /** A folder that installBinaries gave. */
  readonly installed: string
  readonly account: Account | undefined
  /** Milliseconds since the epoch. */
  readonly deadline: number
}

const retryMs = 100
/** How long the processes of a killed server may take to notice it. Without a busy query it is some milliseconds. */
const orphanGraceMs = 1_000
/** Linux allows 107 bytes, macOS 103; the file's own name takes up to 16. */
const longestSocketFolderBytes = 87

/**
 * Starts the server of a data directory that has none, and waits until it accepts connections, which
 * after a crash means until it has recovered. Where a server of the directory turns out to live after
 * all, it returns at once.
 *
 * @throws {ProgramFailure} with what the server wrote to its log
 */
export async function startPostmaster(start: PostmasterStart): Promise<void> {
  const { layout, installed, account, deadline } = start
  const graceEnds = Date.now() + orphanGraceMs
  let port = await chooseFreePort((await readState(layout))?.port)
  for (;;) {
    await removeStalePostmasterFile(layout.dataDir)
    // Before the start, so that a kill right after it forgets nothing.
    await writeState(layout, { port })
    const logStart = await prepareLog(layout, account)
    try {
      await runProgram(program(installed, 'pg_ctl'), await startArguments(start, port), {
        account,
        // Given as -D, pg_ctl would pass the folder to a shell.
        env: { PGDATA: layout.dataDir },
        // Ctrl-C while it waits for the server must not end it either.
        ownSession: true,
      })
      return
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error
      const log = await readLogFrom(layout, logStart)
      if (Date.now() > deadline) throw withLog(error, log)
      if (/could not create any TCP\/IP sockets/.test(log)) {
        // Taken between our look and the server's.
        port = await chooseFreePort()
      } else if (/pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(log)) {
        // The pg_ctl of a starter that was killed, a moment ago, has been faster.
        if ((await livingPostmaster(layout.dataDir)) !== undefined) return
        if (Date.now() > graceEnds) endOrphans(layout.dataDir)
        await sleep(retryMs)
      } else {
        throw withLog(error, log)
      }
    }
  }
}

async function startArguments(start: PostmasterStart, port: number): Promise<string[]> {
  const { layout, account, deadline } = start
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${await emptySocketFolder(layout, account)}`,
  ]
  const seconds = Math.max(1, Math.ceil((deadline - Date.now()) / 1000))
  return [
    'start',
    '--silent',
    '--wait',
    `--timeout=${seconds}`,
    `--log=${layout.logFile}`,
    `--options=${settings.map((setting) => `-c ${quoteForShell(setting)}`).join(' ')}`,
  ]
}

/**
 * A socket inside of the home, where nobody else can stand in for the server. The folder is made
 * anew: a lock file of a killed server in it would be in the way.
 *
 * @returns an empty string, which means no socket, where the path is too long or would be read as a list
 */
async function emptySocketFolder(layout: HomeLayout, account: Account | undefined): Promise<string> {
  const folder = layout.socketDir
  if (process.platform === 'win32') return ''
  if (Buffer.byteLength(folder) > longestSocketFolderBytes || folder.includes(',')) return ''
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  await giveTo(account, folder)
  return folder
}

/** pg_ctl hands its options to the system's shell. */
function quoteForShell(text: string): string {
  return process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`
}

/** pg_ctl itself only says that the log knows more. */
const withLog = (error: ProgramFailure, log: string): ProgramFailure =>
  new ProgramFailure(error.message, log === '' ? error.output : log)
