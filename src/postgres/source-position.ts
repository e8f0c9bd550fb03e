/**
 * Three ways of counting meet here: the server counts code points of the query text from 1,
 * libpg-query counts code points from 0 and UTF-8 bytes (`stmt_location`), JavaScript counts UTF-16 units.
 * Offsets are from 0, lines and columns from 1; columns are code points.
 */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

/** The UTF-16 index of a code point; past the end, the text's length. */
export function utf16Index(text: string, codePointOffset: number): number {
  let index = 0
  for (let left = codePointOffset; left > 0 && index < text.length; left -= 1) index += unitsAt(text, index)
  return index
}

/** How many code points stand before a UTF-16 index. */
export function codePointOffset(text: string, index: number): number {
  let offset = 0
  for (let at = 0; at < Math.min(index, text.length); at += unitsAt(text, at)) offset += 1
  return offset
}

/** How many code points stand before a UTF-8 byte, as libpg-query gives `stmt_location`. */
export function codePointOffsetOfByte(text: string, byteOffset: number): number {
  let offset = 0
  let index = 0
  for (let bytes = 0; bytes < byteOffset && index < text.length; offset += 1) {
    bytes += utf8Bytes(text.codePointAt(index) ?? 0)
    index += unitsAt(text, index)
  }
  return offset
}

/** Line and column of a code point. Lines end with a line feed, as PL/pgSQL counts them. */
export function placeInText(text: string, offset: number): TextPlace {
  const before = text.slice(0, utf16Index(text, offset))
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length
  return { line, column: codePointOffset(before, before.length) - codePointOffset(before, lineStart) + 1 }
}

/** Half a surrogate pair counts as one: the driver sends U+FFFD for it. */
function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
