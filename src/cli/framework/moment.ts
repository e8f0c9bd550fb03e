import { BadValue, type Option } from './option.ts'

const AGO: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 }

/** `--since 2026-11-21`, `--since 2026-11-21T08:00:00Z`, or how long ago: `90min`, `24h`, `7d`. */
export function moment(
  placeholder: string,
  summary: string,
  now: () => number = Date.now,
): Option<Date | undefined> {
  const parse = (value: string): Date => {
    const [, count, unit = ''] = /^(\d{1,6})(s|min|h|d)$/.exec(value) ?? []
    if (count !== undefined) return new Date(now() - Number(count) * (AGO[unit] ?? 0) * 1000)
    // Date.parse takes many other spellings, each in a way of its own.
    const date = /^\d{4}-\d\d-\d\d(T.+)?$/.test(value) ? new Date(value) : new Date(Number.NaN)
    if (!Number.isNaN(date.getTime())) return date
    throw new BadValue(
      `"${value}" is no point in time`,
      'Write a date (2026-11-21), an ISO time, or how long ago (90min, 24h, 7d).',
    )
  }
  return { summary, placeholder, absent: undefined, parse, repeatable: false }
}
