import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { PanalError } from '../model/index.ts'
import { type OutputStream, printable } from './terminal/index.ts'

export interface Console {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** Questions are asked here, so that stdout carries results alone. */
  readonly stderr: Writable & OutputStream
  readonly signal: AbortSignal
}

export const canAskOn = ({ stdin, stderr }: Console): boolean => stdin.isTTY === true && stderr.isTTY === true

/**
 * Asks whether to go on; anything but `y` or `yes` is a no.
 *
 * @throws PANAL_CONFIRMATION_NEEDED where there is no terminal to ask on
 * @throws PANAL_INTERRUPTED by Ctrl-C at the question
 */
export async function askOn(console: Console, question: string, steps: readonly string[]): Promise<boolean> {
  const details = steps.map((step) => `- ${printable(step)}`)
  if (!canAskOn(console)) {
    throw new PanalError('PANAL_CONFIRMATION_NEEDED', `${question} There is no terminal to ask on.`, {
      details,
    })
  }
  console.stderr.write(`${details.map((line) => `  ${line}\n`).join('')}\n`)
  const answer = await ask(console, `${question} [y/N] `)
  return /^\s*y(es)?\s*$/i.test(answer)
}

async function ask({ stdin, stderr, signal }: Console, prompt: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr })
  // readline puts the terminal into raw mode, where Ctrl-C is a key and no signal.
  const interrupted = new AbortController()
  lines.on('SIGINT', () => interrupted.abort())
  // The end of the input (Ctrl-D) answers nothing, which is a no.
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    const question = lines.question(prompt, { signal: AbortSignal.any([signal, interrupted.signal]) })
    return await Promise.race([question, ended])
  } catch (error) {
    if (!signal.aborted && !interrupted.signal.aborted) throw error
    stderr.write('\n')
    throw new PanalError('PANAL_INTERRUPTED', 'Interrupted at the question; nothing was done.')
  } finally {
    lines.close()
  }
}
