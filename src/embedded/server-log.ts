import { appendFile, chmod, open, rename, stat } from 'node:fs/promises'
import { type Account, giveTo } from './account.ts'
import type { HomeLayout } from './home-layout.ts'

const longestBytes = 16 * 1024 * 1024
const excerptBytes = 64 * 1024

/**
 * Makes the server's log where there is none; one of more than 16 MB becomes `server.log.1` first.
 * Only while no server writes to it.
 *
 * @returns its length in bytes: what the next start writes comes after
 */
export async function prepareLog(layout: HomeLayout, account: Account | undefined): Promise<number> {
  await appendFile(layout.logFile, '', { mode: 0o600 })
  let { size } = await stat(layout.logFile)
  if (size > longestBytes) {
    await rename(layout.logFile, `${layout.logFile}.1`)
    await appendFile(layout.logFile, '', { mode: 0o600 })
    size = 0
  }
  await chmod(layout.logFile, 0o600)
  await giveTo(account, layout.logFile)
  return size
}

/** What the server wrote after `from` bytes, the last 64 KiB of it. */
export async function readLogFrom(layout: HomeLayout, from: number): Promise<string> {
  const file = await open(layout.logFile, 'r')
  try {
    const { size } = await file.stat()
    const start = Math.max(from, size - excerptBytes)
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.max(0, size - start)),
      position: start,
    })
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
