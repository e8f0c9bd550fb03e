/** One thing as a terminal shows it: a letter with its accents, an emoji of several code points. */
export interface Cell {
  readonly text: string
  /** Columns of the terminal: 2 for CJK and emoji, 0 for what is drawn upon its neighbour. */
  readonly width: number
  /** How many code points it is made of. */
  readonly codePoints: number
}

const tabStop = 4
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Wide and fullwidth characters of Unicode's East Asian Width (UAX #11), by their scripts and blocks. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Bopomofo}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|.*\ufe0f)/su
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u

/**
 * Cuts a line into cells. Tabs become spaces up to the next multiple of four columns, and control
 * characters a replacement sign: source text must not steer the terminal.
 */
export function cellsOf(line: string): Cell[] {
  let column = 0
  return Array.from(graphemes.segment(line), ({ segment }) => {
    const codePoints = Array.from(segment).length
    const text =
      segment === '\t' ? ' '.repeat(tabStop - (column % tabStop)) : segment.replace(/\p{Cc}/gu, '\ufffd')
    const width = segment === '\t' ? text.length : widthOf(text)
    column += width
    return { text, width, codePoints }
  })
}

function widthOf(grapheme: string): number {
  if (invisible.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}
