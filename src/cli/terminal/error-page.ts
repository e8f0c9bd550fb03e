import { isAbsolute, relative } from 'node:path'
import { formatPlace, type PanalError, type Place } from '../../model/index.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'

/** An error as a small page of its own: code and place, what happened, the evidence, what to do. */
export function errorPage(error: PanalError, terminal: Terminal, cwd: string): string {
  const { paint } = terminal
  const place = error.place === undefined ? '' : `   ${printable(formatPlace(placeFrom(error.place, cwd)))}`
  const head = `${paint.red('error')} ${paint.bold(error.code)}${place}`
  const blocks = [head, indent(error.message), evidence(error.details), printable(error.remedy)]
  return `${blocks.filter((block) => block.trim() !== '').join('\n\n')}\n`
}

/** A file below the current folder is named from there: shorter, and an editor still finds it. */
export function placeFrom(place: Place, cwd: string): Place {
  if (!isAbsolute(place.file)) return place
  const file = relative(cwd, place.file)
  return file === '' || file.startsWith('..') ? place : { ...place, file }
}

/** A source excerpt comes indented, since its gutter is part of the drawing; other lines do not. */
function evidence(details: readonly string[]): string {
  const text = details.join('\n')
  return details.every((line) => line.startsWith('  ')) ? printable(text) : indent(text)
}

const indent = (text: string): string => printable(text).replaceAll(/^(?=.)/gm, '  ')
