import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'

/** A file system of its own of a given size. */
export interface SmallDisk extends Disposable {
  /** @param megabytes the new size */
  resize(megabytes: number): void
}

/**
 * Mounts a small disk at `path`.
 *
 * @returns why it cannot, where this process is not root or may not mount
 */
export async function smallDisk(path: string, megabytes: number): Promise<SmallDisk | string> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk takes root on Linux'
  await mkdir(path, { recursive: true })
  const mount = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=755`, 'tmpfs', path], { stdio: 'pipe' })
  try {
    mount(`size=${megabytes}m`)
  } catch (error) {
    return `mount is refused here: ${error instanceof Error ? error.message : String(error)}`
  }
  return {
    resize: (now) => {
      mount(`remount,size=${now}m`)
    },
    // Lazily: a process that is ending may still hold files.
    [Symbol.dispose]: () => {
      execFileSync('umount', ['-l', path])
    },
  }
}
