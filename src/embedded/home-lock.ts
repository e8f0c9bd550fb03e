import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../model/index.ts'
import { lockDraftPrefix } from './home-layout.ts'
import { processIdentity } from './process-identity.ts'
import { hasErrorCode } from './system-error.ts'

const prefix = 'lock-'
const pollMs = 25

interface Holder {
  readonly pid: number
  readonly identity: string
}

/**
 * Runs `work` while no other process does so for this home. The holder may die at any point.
 *
 * Node has no flock, and a plain lock file cannot be taken from a dead holder without a race: two
 * waiters see the same dead pid, and the slower one removes the lock that the faster one has just
 * made. So the lock is a sequence of files `lock-1`, `lock-2`, …: the one with the highest number
 * counts, it is never removed, and who takes the lock makes the next number. link(2) lets one
 * process make a number. Only the holder of a higher number removes lower ones, so a waiter that
 * was suspended and makes a removed number anew sees the higher one beside it and steps back.
 *
 * @param timeoutMs how long to wait for a living holder
 * @throws PANAL_EMBEDDED_BUSY after that
 */
export async function withHomeLock<T>(home: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let number = await tryLock(home)
  while (number === undefined) {
    if (Date.now() > deadline) throw await busy(home, timeoutMs)
    await sleep(pollMs)
    number = await tryLock(home)
  }
  try {
    return await work()
  } finally {
    await release(home, number)
  }
}

/** @returns the number that this process now holds; undefined when somebody else holds the lock */
async function tryLock(home: string): Promise<number | undefined> {
  const highest = Math.max(0, ...(await lockNumbers(home)))
  if (highest > 0 && (await livingHolder(home, highest)) !== undefined) return undefined
  const identity = processIdentity(process.pid) ?? ''
  const mine: Holder = { pid: process.pid, identity }
  const number = highest + 1
  const draft = join(home, `${lockDraftPrefix}${randomUUID()}`)
  try {
    await writeFile(draft, JSON.stringify(mine))
    await link(draft, lockFile(home, number))
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return undefined
    throw error
  } finally {
    await rm(draft, { force: true })
  }
  const numbers = await lockNumbers(home)
  if (numbers.some((other) => other > number)) {
    await rm(lockFile(home, number), { force: true })
    return undefined
  }
  for (const lower of numbers) if (lower < number) await rm(lockFile(home, lower), { force: true })
  return number
}

/**
 * The file stays, naming nobody: the highest number must never vanish. Truncating needs no space, so
 * a full disk does not keep the lock; that the home was removed meanwhile is no failure of `work`.
 */
async function release(home: string, number: number): Promise<void> {
  try {
    await truncate(lockFile(home, number))
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error
  }
}

async function livingHolder(home: string, number: number): Promise<Holder | undefined> {
  let text: string
  try {
    text = await readFile(lockFile(home, number), 'utf8')
  } catch (error) {
    // Whoever took the next number has removed this one; making our own then fails or steps back.
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
  if (text === '') return undefined
  const holder = JSON.parse(text) as Holder
  return processIdentity(holder.pid) === holder.identity ? holder : undefined
}

async function lockNumbers(home: string): Promise<number[]> {
  const names = await readdir(home)
  return names.filter((name) => /^lock-\d+$/.test(name)).map((name) => Number(name.slice(prefix.length)))
}

const lockFile = (home: string, number: number): string => join(home, `${prefix}${number}`)

async function busy(home: string, timeoutMs: number): Promise<PanalError> {
  const highest = Math.max(0, ...(await lockNumbers(home)))
  const holder = await livingHolder(home, highest)
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  return new PanalError(
    'PANAL_EMBEDDED_BUSY',
    `${who} has been starting the embedded PostgreSQL of ${home} for more than ${timeoutMs / 1000} s`,
  )
}
