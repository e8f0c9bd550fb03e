/** `ENOENT` and its like of an error of the system, or the error's name. */
export function systemErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
