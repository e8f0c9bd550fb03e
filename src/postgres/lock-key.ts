import { createHash } from 'node:crypto'

/** The key of an advisory lock: a signed 64-bit number. */
export type LockKey = bigint

/**
 * A stable 64-bit key for a list of names, the same in every release: `lockKey('panal', 'target', …)`.
 * Each name is hashed with its length, so that ('ab', 'c') and ('a', 'bc') differ.
 */
export function lockKey(...names: readonly [string, ...string[]]): LockKey {
  const hash = createHash('sha256')
  for (const name of names) hash.update(`${Buffer.byteLength(name)}:${name}`)
  return hash.digest().readBigInt64BE(0)
}
