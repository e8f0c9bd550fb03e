/**
 * As `Promise.all`, but waits for all of them before it throws the first failure: nothing goes on in the
 * background on connections that the caller then closes.
 */
export async function settleAll<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  const outcomes = await Promise.allSettled(work)
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
