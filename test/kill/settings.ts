import type { TestContext } from 'node:test'

/**
 * The seed of a test's random aims: PANAL_KILL_SEED, else another one each day, so that the same commit meets new moments. Printed, so that
 * a failure can be had again.
 */
export function killSeed(t: TestContext, salt: number): number {
  const day = Math.floor(Date.now() / 86_400_000)
  const seed = Number(process.env.PANAL_KILL_SEED ?? day)
  t.diagnostic(`PANAL_KILL_SEED=${seed}`)
  return seed * 31 + salt
}

/** `keeper1` to `keeperN`. */
export const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
