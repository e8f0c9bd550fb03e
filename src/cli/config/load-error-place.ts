import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Place } from '../../model/index.ts'

/** Panal's own code: src/ or dist/. A frame in it is never where the user's mistake stands. */
const ownFolder = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Where in the user's files an import failed: the line that Node puts above a syntax error, or the
 * first frame of the stack outside Panal and Node.
 *
 * @param file what was imported; the answer where nothing more exact is known
 */
export function placeOfLoadError(thrown: unknown, file: string): Place {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  const place = placeAboveMessage(stack) ?? placeOfFrame(stack)
  if (place !== undefined) return place
  return (thrown instanceof SyntaxError ? placeByCheck(file) : undefined) ?? { file }
}

/** `<file>:<line>`, the source, a line of carets, then the message. */
function placeAboveMessage(text: string): Place | undefined {
  const lines = text.split('\n')
  const [, path, line] = /^(\S.*):(\d+)$/.exec(lines[0] ?? '') ?? []
  if (path === undefined) return undefined
  const caret = lines.find((candidate) => /^\s*\^+\s*$/.test(candidate))
  return {
    file: toPath(path),
    line: Number(line),
    ...(caret === undefined ? {} : { column: caret.indexOf('^') + 1 }),
  }
}

function placeOfFrame(stack: string): Place | undefined {
  for (const [, path = '', line, column] of stack.matchAll(/^\s+at (?:.*\()?(.+?):(\d+):(\d+)\)?$/gm)) {
    const file = toPath(path)
    if (!file.startsWith('/') || file.startsWith(ownFolder)) continue
    return { file, line: Number(line), column: Number(column) }
  }
  return undefined
}

/** V8 keeps the place of a JavaScript syntax error to itself when the file is imported; `--check` prints it. */
function placeByCheck(file: string): Place | undefined {
  const check = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 })
  return placeAboveMessage(check.stderr ?? '')
}

const toPath = (path: string): string => (path.startsWith('file:') ? fileURLToPath(path) : path)
