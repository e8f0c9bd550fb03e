/**
 * The code of an error or of what caused it: errno names (`ENOSPC`) of the system, SQLSTATEs of the
 * driver. Looks through `cause`, since errors are kept whole as they are wrapped.
 */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && codes.includes(at.code)) return true
    if (at instanceof AggregateError && at.errors.some((one) => hasErrorCode(one, ...codes))) return true
  }
  return false
}
