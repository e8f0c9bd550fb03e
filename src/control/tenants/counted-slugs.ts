/** A number beyond this was no count, and would lose digits. */
const MOST_DIGITS = 15

/** The number n of a slug P<n>, or nothing. */
export function countOf(prefix: string, slug: string): number | undefined {
  const digits = slug.startsWith(prefix) ? slug.slice(prefix.length) : ''
  return /^[0-9]+$/.test(digits) && digits.length <= MOST_DIGITS ? Number(digits) : undefined
}

/** `count` slugs P<n> that go on after the highest of the known ones, from P1. */
export function countedSlugs(prefix: string, count: number, known: readonly string[]): readonly string[] {
  const highest = Math.max(0, ...known.flatMap((slug) => countOf(prefix, slug) ?? []))
  return Array.from({ length: count }, (_, index) => `${prefix}${highest + index + 1}`)
}
