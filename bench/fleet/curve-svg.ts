interface Point {
  readonly targets: number
  readonly msPerTarget: number
}

const WIDTH = 640
const HEIGHT = 320
const FRAME = { left: 64, right: 24, top: 44, bottom: 52 } as const

/**
 * What a target costs against the size of its fleet: a logarithmic axis of sizes, and costs from zero,
 * so that a rise looks as steep as it is.
 */
export function curveSvg(points: readonly Point[]): string {
  const logs = points.map(({ targets }) => Math.log10(targets))
  const [first, last] = [Math.min(...logs), Math.max(...logs)]
  const { step, top } = scaleFor(Math.max(...points.map(({ msPerTarget }) => msPerTarget)))
  const x = (targets: number): number =>
    round(FRAME.left + ((Math.log10(targets) - first) / (last - first)) * (WIDTH - FRAME.left - FRAME.right))
  const y = (ms: number): number =>
    round(HEIGHT - FRAME.bottom - (ms / top) * (HEIGHT - FRAME.top - FRAME.bottom))
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step)
  const path = points.map(({ targets, msPerTarget }) => `${x(targets)},${y(msPerTarget)}`).join(' ')
  const parts = [
    ...lines.map((ms) => `<path class="grid" d="M${FRAME.left} ${y(ms)}H${WIDTH - FRAME.right}"/>`),
    ...lines.map((ms) => text(FRAME.left - 8, y(ms) + 4, 'end', ms.toFixed(decimalsOf(step)))),
    ...points.map(({ targets }) =>
      text(x(targets), HEIGHT - FRAME.bottom + 20, 'middle', targets.toLocaleString('en')),
    ),
    text(FRAME.left, 24, 'start', 'Milliseconds per target: ADD COLUMN and CREATE INDEX, the whole call'),
    text((WIDTH + FRAME.left - FRAME.right) / 2, HEIGHT - 10, 'middle', 'targets in the fleet'),
    `<polyline class="line" points="${path}"/>`,
    ...points.map(
      (point) => `<circle class="dot" cx="${x(point.targets)}" cy="${y(point.msPerTarget)}" r="4"/>`,
    ),
    ...points.map((point) =>
      text(x(point.targets), y(point.msPerTarget) - 10, 'middle', point.msPerTarget.toFixed(2)),
    ),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Milliseconds per target by the size of the fleet">
<style>
  svg { background: #fff; font: 12px system-ui, sans-serif; }
  text { fill: #333; }
  .grid { stroke: #ddd; }
  .line { fill: none; stroke: #b45309; stroke-width: 2; }
  .dot { fill: #b45309; }
</style>
${parts.join('\n')}
</svg>
`
}

/** A step of 1, 2 or 5 times a power of ten that gives at most six lines, and the highest of them. */
function scaleFor(most: number): { readonly step: number; readonly top: number } {
  const power = 10 ** Math.floor(Math.log10(most / 5))
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => most / each <= 5) ?? 10 * power
  return { step, top: Math.ceil(most / step) * step }
}

const decimalsOf = (step: number): number => Math.max(0, -Math.floor(Math.log10(step)))

const round = (value: number): number => Math.round(value * 10) / 10

const text = (x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`
