import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * What tells a living process from a later one that got the same pid: the boot and the moment it
 * began. `undefined` when no such process lives. A zombie does not live: in a container whose first
 * process reaps nobody, a killed server stays one for good.
 */
export function processIdentity(pid: number): string | undefined {
  if (!answersSignals(pid)) return undefined
  if (process.platform !== 'linux') return startedAccordingToPs(pid) ?? `pid ${pid}`
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may hold spaces; from the third on
    // there are only plain words: the state is the 3rd field, the start in clock ticks the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, started] = [fields[0], fields[19]]
    return state === 'Z' || state === 'X' ? undefined : `${bootId()} ${started}`
  } catch {
    // It ended just now, or /proc hides the processes of others.
    return answersSignals(pid) ? `pid ${pid}` : undefined
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function startedAccordingToPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
