import fc from 'fast-check'
import { PanalError } from '../../src/model/index.ts'

/** How often a property is tried: PANAL_PROPERTY_RUNS, else what fits `npm test`. */
export const propertyRuns = (usual: number): number => Number(process.env.PANAL_PROPERTY_RUNS ?? usual)

/** `npm test` tries the same values each time; who asks for more runs gets new ones, or those of PANAL_PROPERTY_SEED. */
const USUAL_SEED = 1

function seedOfRuns(): { readonly seed?: number } {
  const { PANAL_PROPERTY_SEED: wanted, PANAL_PROPERTY_RUNS: runs } = process.env
  if (wanted !== undefined) return { seed: Number(wanted) }
  return runs === undefined ? { seed: USUAL_SEED } : {}
}

/** A failure takes a server for each attempt to make it smaller, so there is an end to that. */
const SHRINK_LIMIT_MS = 45_000

/**
 * Tries a property on values that can be printed.
 *
 * @throws an error with the smallest failing value that was found in 45 s
 */
export async function holdsForAll<T>(
  arbitrary: fc.Arbitrary<T>,
  print: (value: T) => string,
  usualRuns: number,
  property: (value: T) => Promise<void>,
): Promise<void> {
  let smallest: { value: T; error: unknown } | undefined
  let failedAt = Number.POSITIVE_INFINITY
  const noting = async (value: T): Promise<void> => {
    // Whatever is left then passes unseen, which ends the shrinking.
    if (performance.now() - failedAt > SHRINK_LIMIT_MS) return
    try {
      await property(value)
    } catch (error) {
      failedAt = Math.min(failedAt, performance.now())
      smallest = { value, error }
      throw error
    }
  }
  const result = await fc.check(fc.asyncProperty(arbitrary, noting), {
    numRuns: propertyRuns(usualRuns),
    ...seedOfRuns(),
  })
  if (smallest === undefined) return
  const where = `PANAL_PROPERTY_SEED=${result.seed}, ${result.numShrinks} times made smaller:`
  throw new Error(`${explain(smallest.error)}\n\n${where}\n${print(smallest.value)}`, {
    cause: smallest.error,
  })
}

/** An error with everything that it says. */
export function explain(error: unknown): string {
  return error instanceof PanalError
    ? [error.code, error.message, ...error.details].join('\n')
    : String(error)
}
