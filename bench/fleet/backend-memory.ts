import { readdirSync, readFileSync } from 'node:fs'

const EVERY_MS = 20

/**
 * Watches the private memory of the server's backends of one database while something runs. What they
 * share, the server has anyway.
 *
 * @returns MiB of the largest at its largest; null where the system has no /proc
 */
export async function largestBackendMiB(
  database: string,
  work: () => Promise<unknown>,
): Promise<number | null> {
  let largestKiB: number | null = null
  const look = (): void => {
    for (const pid of backendsOf(database)) {
      const kiB = privateKiB(pid)
      if (kiB !== null && kiB > (largestKiB ?? 0)) largestKiB = kiB
    }
  }
  const timer = setInterval(look, EVERY_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return largestKiB === null ? null : largestKiB / 1_024
}

/** Backends call themselves `postgres: user database host(port) …`. */
function backendsOf(database: string): readonly string[] {
  const pids = readable(() => readdirSync('/proc').filter((name) => /^\d+$/.test(name))) ?? []
  return pids.filter((pid) => {
    const title = readable(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? ''
    return title.startsWith('postgres: ') && title.split(' ')[2] === database
  })
}

function privateKiB(pid: string): number | null {
  const status = readable(() => readFileSync(`/proc/${pid}/status`, 'utf8'))
  const kiB = status === null ? undefined : /^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]
  return kiB === undefined ? null : Number(kiB)
}

/** A process may end between being listed and being read. */
function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
