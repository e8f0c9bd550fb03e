import fc from 'fast-check'

/** How often a property is tried: PANAL_PROPERTY_RUNS, else what fits `npm test`. */
export const propertyRuns = (usual: number): number => Number(process.env.PANAL_PROPERTY_RUNS ?? usual)

/** Printed with a failure; put it into PANAL_PROPERTY_SEED to have the same runs again. */
const seed =
  process.env.PANAL_PROPERTY_SEED === undefined ? {} : { seed: Number(process.env.PANAL_PROPERTY_SEED) }

/**
 * Tries a property on values that can be printed. Shrinking a failure takes a server for each attempt, so it ends
 * after `shrinkMs` with the smallest value found so far.
 */
export async function holdsForAll<T>(
  arbitrary: fc.Arbitrary<T>,
  print: (value: T) => string,
  usualRuns: number,
  property: (value: T) => Promise<void>,
): Promise<void> {
  let smallest: { value: T; error: unknown } | undefined
  const noting = async (value: T): Promise<void> => {
    try {
      await property(value)
    } catch (error) {
      smallest = { value, error }
      throw error
    }
  }
  const runs = propertyRuns(usualRuns)
  const result = await fc.check(fc.asyncProperty(arbitrary, noting), {
    numRuns: runs,
    interruptAfterTimeLimit: SHRINK_LIMIT_MS + runs * RUN_LIMIT_MS,
    ...seed,
  })
  if (smallest !== undefined) {
    const where = `PANAL_PROPERTY_SEED=${result.seed}, ${result.numShrinks} times made smaller:`
    throw new Error(`${String(smallest.error)}\n\n${where}\n${print(smallest.value)}`, {
      cause: smallest.error,
    })
  }
  if (result.interrupted) throw new Error(`only ${result.numRuns} of ${runs} runs in the time they have`)
}

/** For shrinking, on top of what the runs take. */
const SHRINK_LIMIT_MS = 60_000
const RUN_LIMIT_MS = 15_000
