/** A number of targets, or a percentage of them: how waves and limits are given. */
export type Share = { readonly count: number } | { readonly percent: number }

/** How many of `total` a share is; a percentage is rounded up, so that no wave is empty. */
export function shareOf(share: Share, total: number): number {
  return 'count' in share ? share.count : Math.ceil((share.percent / 100) * total)
}

/** `5` or `2.5%`. Null for anything else, a percentage above 100 included. */
export function parseShare(text: string): Share | null {
  const [, digits = '', sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? []
  if (digits === '') return null
  if (sign === '%') return Number(digits) <= 100 ? { percent: Number(digits) } : null
  return digits.includes('.') || !Number.isSafeInteger(Number(digits)) ? null : { count: Number(digits) }
}

export const formatShare = (share: Share): string =>
  'count' in share ? `${share.count}` : `${share.percent}%`
