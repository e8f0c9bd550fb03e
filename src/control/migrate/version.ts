/**
 * Versions are digits of any length, compared as numbers: `001` and `1` are the same version, and a
 * timestamp of 14 digits is greater than both. They are kept as text, since they outgrow a double.
 */

/** A version without leading zeros: what versions are compared, stored and looked up by. */
export function canonicalVersion(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

/** Negative, zero or positive, as `sort` wants it. Both versions must be canonical. */
export function compareVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether a person may have meant a version by it. */
export const isVersion = (text: string): boolean => /^\d+$/.test(text)
