import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { processIdentity } from './process-identity.ts'
import { hasErrorCode } from './system-error.ts'

/** What postmaster.pid says of the server of a data directory. */
export interface Postmaster {
  readonly pid: number
  /** Missing in the first moments of a start. */
  readonly port: number | undefined
}

/** undefined: no such file, as after a clean stop, or one that is only just being written. */
export async function readPostmasterFile(dataDir: string): Promise<Postmaster | undefined> {
  let text: string
  try {
    text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
  const lines = text.split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: port > 0 ? port : undefined }
}

/** The living server of a data directory. A file alone proves nothing: after a crash its pid is somebody else's. */
export async function livingPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmasterFile(dataDir)
  return postmaster !== undefined && servesDirectory(postmaster.pid, dataDir, true) ? postmaster : undefined
}

/**
 * Removes a postmaster.pid whose server is gone. PostgreSQL does so itself when the pid is free, but
 * refuses to start when any process of the same user has it by now, or when the killed server is an
 * unreaped zombie. A server that lives nevertheless is still safe: PostgreSQL also looks at its
 * shared memory.
 */
export async function removeStalePostmasterFile(dataDir: string): Promise<void> {
  if ((await livingPostmaster(dataDir)) === undefined)
    await rm(join(dataDir, 'postmaster.pid'), { force: true })
}

/**
 * Ends the processes that outlived a killed server, as the server itself does when one of them
 * crashes (SIGQUIT: end at once, write nothing). Most see by themselves that it is gone; one that is
 * busy with a long query does not, and keeps the next server from starting. Linux only: elsewhere
 * no process says which folder it works in, so the start waits for them.
 */
export function endOrphans(dataDir: string): void {
  if (process.platform !== 'linux') return
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || !servesDirectory(pid, dataDir, false)) continue
    try {
      process.kill(pid, 'SIGQUIT')
    } catch (error) {
      if (!hasErrorCode(error, 'ESRCH')) throw error
    }
  }
}

/**
 * Whether a process is of PostgreSQL and works on this data directory: all its processes have it as
 * their folder.
 *
 * @param whenHidden the answer for a process of PostgreSQL that does not show its folder: root in a
 *   container without CAP_SYS_PTRACE may not look at processes of other users
 */
function servesDirectory(pid: number, dataDir: string, whenHidden: boolean): boolean {
  if (processIdentity(pid) === undefined) return false
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres')
    }
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir)
  } catch (error) {
    // Anything else: it has just ended.
    return whenHidden && hasErrorCode(error, 'EACCES', 'EPERM')
  }
}
