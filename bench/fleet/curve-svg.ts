export interface Curve {
  readonly label: string
  readonly points: readonly { readonly targets: number; readonly ms: number }[]
}

const WIDTH = 640
const HEIGHT = 340
const FRAME = { left: 56, right: 120, top: 48, bottom: 56 } as const
const COLOURS = ['#9ca3af', '#b45309'] as const

/**
 * What a target costs against the size of its fleet: a logarithmic axis of sizes, and costs from zero,
 * so that a rise looks as steep as it is.
 */
export function curveSvg(curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points)
  const sizes = [...new Set(points.map(({ targets }) => targets))]
  const [first, last] = [Math.log10(Math.min(...sizes)), Math.log10(Math.max(...sizes))]
  const { step, top } = scaleFor(Math.max(...points.map(({ ms }) => ms)))
  const across = WIDTH - FRAME.left - FRAME.right
  const x = (targets: number): number =>
    round(FRAME.left + ((Math.log10(targets) - first) / (last - first)) * across)
  const y = (ms: number): number =>
    round(HEIGHT - FRAME.bottom - (ms / top) * (HEIGHT - FRAME.top - FRAME.bottom))
  const heights = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step)
  const parts = [
    ...heights.map((ms) => `<path stroke="#e5e7eb" d="M${FRAME.left} ${y(ms)}h${across}"/>`),
    ...heights.map((ms) => text(FRAME.left - 8, y(ms) + 4, 'end', ms.toFixed(decimalsOf(step)))),
    ...sizes.map((size) => text(x(size), HEIGHT - FRAME.bottom + 20, 'middle', size.toLocaleString('en'))),
    text(FRAME.left, 24, 'start', 'Milliseconds per target of ADD COLUMN and CREATE INDEX'),
    text(FRAME.left + across / 2, HEIGHT - 12, 'middle', 'targets in the fleet'),
    ...curves.flatMap(({ label, points: here }, index) => {
      const colour = COLOURS[index % COLOURS.length]
      const path = here.map(({ targets, ms }) => `${x(targets)},${y(ms)}`).join(' ')
      const end = here.at(-1)
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`,
        ...here.map(({ targets, ms }) => `<circle fill="${colour}" cx="${x(targets)}" cy="${y(ms)}" r="4"/>`),
        ...(end === undefined
          ? []
          : [text(x(end.targets) + 10, labelHeight(y(end.ms), index), 'start', label)]),
      ]
    }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Milliseconds per target by the size of the fleet" font-family="system-ui, sans-serif" font-size="12" fill="#374151">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

/** In a large fleet start-up vanishes and the curves meet: their names then stand above and below. */
const labelHeight = (at: number, index: number): number => round(at + (index === 0 ? -4 : 12))

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
