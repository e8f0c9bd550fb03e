import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EmbeddedServer } from '../../src/embedded/index.ts'

/** What a process that called startEmbedded printed: the server, or the error. */
export type Outcome =
  | EmbeddedServer
  | { readonly code: string; readonly message: string; readonly exitCode: number; readonly remedy: string }

export interface Starter {
  readonly process: ChildProcess
  /** Rejects when the process is killed or fails with something that is no PanalError. */
  readonly outcome: Promise<Outcome>
}

/**
 * Calls startEmbedded in a process of its own.
 *
 * @param uid the user to do it as, where that is not the present one
 */
export function startInProcess(home: string, uid?: number): Starter {
  const path = fileURLToPath(new URL('starter.ts', import.meta.url))
  const child = spawn(process.execPath, [path, home], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(texts.stdout) as Outcome)
      else reject(new Error(`the starter ended with ${signal ?? code}: ${texts.stderr}`))
    })
  })
  return { process: child, outcome }
}

/** Whether another user may read this clone, whose code a starter runs. */
export function mayRunOurCode(uid: number): Promise<boolean> {
  return new Promise((resolve) => {
    const path = fileURLToPath(new URL('../../package.json', import.meta.url))
    const child = spawn(process.execPath, ['-e', 'require("node:fs").readFileSync(process.argv[1])', path], {
      uid,
      gid: uid,
      stdio: 'ignore',
    })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}
