/** What every benchmark prints and, with --json, returns: docs/reference/cli.md, "Benchmarks". */
export interface BenchReport {
  readonly bench: string
  readonly config: Readonly<Record<string, string | number>>
  readonly results: readonly BenchResult[]
  readonly bars: readonly Bar[]
}

export interface BenchResult {
  readonly name: string
  /** The median of the runs. */
  readonly perSecond?: number
  readonly seconds?: number
  readonly runs: readonly number[]
}

/** What must hold, as a ratio against a peer or the raw limit of the same run. */
export interface Bar {
  readonly name: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
  readonly ok: boolean
}

export function bar(name: string, value: number, limit: { atLeast: number } | { atMost: number }): Bar {
  const ok = 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost
  return { name, value, ...limit, ok }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const amount = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** The report as a person reads it. */
export function formatReport(report: BenchReport): string {
  const width = Math.max(
    ...report.results.map(({ name }) => name.length),
    ...report.bars.map(({ name }) => name.length),
  )
  const lines = [`${report.bench}`, '']
  for (const [key, value] of Object.entries(report.config)) lines.push(`  ${key}: ${value}`)
  lines.push('')
  for (const { name, perSecond, seconds, runs } of report.results) {
    const figure = perSecond === undefined ? `${amount(seconds ?? 0)} s` : `${amount(perSecond)}/s`
    lines.push(`  ${name.padEnd(width)}  ${figure.padStart(9)}   (${runs.map(amount).join(' ')})`)
  }
  lines.push('')
  for (const { name, value, atLeast, atMost, ok } of report.bars) {
    const limit = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
    lines.push(`  ${ok ? 'ok    ' : 'MISSED'} ${name.padEnd(width)}  ${amount(value)} (${limit})`)
  }
  return `${lines.join('\n')}\n`
}
