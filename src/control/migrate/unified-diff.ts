/** Lines of context around each change. */
const CONTEXT = 3
/** Longer texts are compared only between their common head and tail. */
const LONGEST_TABLE = 4_000_000

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

/**
 * The difference between two texts as lines of a unified diff, without a file header. Empty when
 * they are equal.
 */
export function unifiedDiff(before: string, after: string): readonly string[] {
  const edits = editsBetween(before.split('\n'), after.split('\n'))
  const changed = edits.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]))
  const hunks: { start: number; end: number }[] = []
  for (const index of changed) {
    const last = hunks.at(-1)
    if (last !== undefined && index - CONTEXT <= last.end) last.end = index + CONTEXT + 1
    else hunks.push({ start: Math.max(0, index - CONTEXT), end: index + CONTEXT + 1 })
  }
  return hunks.flatMap(({ start, end }) => hunkLines(edits, start, Math.min(end, edits.length)))
}

function hunkLines(edits: readonly Edit[], start: number, end: number): readonly string[] {
  const count = (from: number, to: number, sign: '-' | '+'): number =>
    edits.slice(from, to).filter((edit) => edit.sign === ' ' || edit.sign === sign).length
  const range = (sign: '-' | '+'): string => {
    const lines = count(start, end, sign)
    // A range of no lines is named by the line before it, as `diff -u` does.
    return `${count(0, start, sign) + (lines === 0 ? 0 : 1)},${lines}`
  }
  const lines = edits.slice(start, end).map(({ sign, line }) => `${sign}${line}`)
  return [`@@ -${range('-')} +${range('+')} @@`, ...lines]
}

/** The shortest edit script, by the table of longest common subsequences of what lies between head and tail. */
function editsBetween(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  const most = Math.min(before.length, after.length) - head
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const keep = (lines: readonly string[]): Edit[] => lines.map((line) => ({ sign: ' ', line }))
  return [
    ...keep(before.slice(0, head)),
    ...middleEdits(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...keep(before.slice(before.length - tail)),
  ]
}

function middleEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  if (before.length * after.length > LONGEST_TABLE) return replaced(before, after)
  const width = after.length + 1
  // common[i * width + j]: the length of the longest common subsequence of before[i…] and after[j…].
  const common = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      edits.push({ sign: ' ', line: before[i] ?? '' })
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      edits.push({ sign: '-', line: before[i] ?? '' })
      i += 1
    } else {
      edits.push({ sign: '+', line: after[j] ?? '' })
      j += 1
    }
  }
  return [...edits, ...replaced(before.slice(i), after.slice(j))]
}

const replaced = (before: readonly string[], after: readonly string[]): readonly Edit[] => [
  ...before.map((line): Edit => ({ sign: '-', line })),
  ...after.map((line): Edit => ({ sign: '+', line })),
]
