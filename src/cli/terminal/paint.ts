/** Gives a text its colour, or leaves it alone where colours are off. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

const coloured = (open: number, close: number) => (text: string) => `\x1b[${open}m${text}\x1b[${close}m`

const colours: Paint = {
  bold: coloured(1, 22),
  dim: coloured(2, 22),
  red: coloured(31, 39),
  green: coloured(32, 39),
  yellow: coloured(33, 39),
  cyan: coloured(36, 39),
}

const same = (text: string): string => text

export const plainPaint: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same }

/**
 * Colours on a terminal only. FORCE_COLOR (`0` and `false`: off, else on) goes before NO_COLOR
 * (any text: off), as Node itself ranks them.
 */
export function paintFor(interactive: boolean, environment: NodeJS.ProcessEnv): Paint {
  return wantsColours(interactive, environment) ? colours : plainPaint
}

function wantsColours(interactive: boolean, environment: NodeJS.ProcessEnv): boolean {
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false
  return interactive && environment.TERM !== 'dumb'
}
