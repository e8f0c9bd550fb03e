import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt } from './source-excerpt.ts'

/** The text of a line that stands right above the caret. */
function underCaret(drawn: readonly string[], columns: (text: string) => number): string {
  const at = drawn.findIndex((line) => line.includes('▲'))
  const caret = columns((drawn[at] ?? '').split('▲')[0] ?? '')
  let passed = 0
  for (const character of drawn[at - 1] ?? '') {
    if (passed === caret) return character
    passed += columns(character)
  }
  return ''
}

test('the line, its neighbours, and the caret under the column', () => {
  const text = 'one\nCREATE TABLE discounts (\n  code text NOT NUL,\r\n  percent int\n);\n'
  assert.deepEqual(excerpt(text, { line: 3, column: 17 }, 'syntax error at or near "NUL"\nmore'), [
    '  2 │ CREATE TABLE discounts (',
    '  3 │   code text NOT NUL,',
    '    │                 ▲ syntax error at or near "NUL"',
    '  4 │   percent int',
  ])
})

test('the first and the last line have one neighbour, numbers align', () => {
  assert.deepEqual(excerpt('x\ny\n', { line: 1, column: 1 }, 'm'), ['  1 │ x', '    │ ▲ m', '  2 │ y'])
  assert.deepEqual(excerpt('x\ny\n', { line: 2, column: 2 }, 'm'), ['  1 │ x', '  2 │ y', '    │  ▲ m'])
  const ten = excerpt(`${'\n'.repeat(8)}nine\nten`, { line: 9, column: 1 }, 'm')
  assert.deepEqual(ten, ['   8 │', '   9 │ nine', '     │ ▲ m', '  10 │ ten'])
})

test('the caret stands right after tabs, emoji, wide letters and accents', () => {
  // As terminals draw them; written out so that the test does not ask the code under test.
  const columns = (text: string) =>
    Array.from(text).reduce(
      (sum, character) => sum + (/[😀表名か]/u.test(character) ? 2 : /\u0301/.test(character) ? 0 : 1),
      0,
    )
  for (const line of ['\t  X', "a\tb '😀' X", '表名か X', 'cafe\u0301 X']) {
    const column = Array.from(line).indexOf('X') + 1
    assert.equal(underCaret(excerpt(line, { line: 1, column }, 'm'), columns), 'X', JSON.stringify(line))
  }
})

test('an emoji of several code points is one thing of two columns', () => {
  const line = "'👩‍💻' X"
  const [, caret = ''] = excerpt(line, { line: 1, column: Array.from(line).indexOf('X') + 1 }, 'm')
  assert.equal(caret, `    │ ${' '.repeat(1 + 2 + 1 + 1)}▲ m`)
})

test('of a long line the part around the caret is shown', () => {
  const line = `${'a'.repeat(5_000)}X${'b'.repeat(5_000)}`
  const drawn = excerpt(line, { line: 1, column: 5_001 }, 'm')
  assert.equal(
    underCaret(drawn, (text) => text.length),
    'X',
  )
  assert.ok(drawn.every((shown) => shown.length < 120))
  const fits = `${'a'.repeat(90)}X`
  assert.equal(excerpt(fits, { line: 1, column: 91 }, 'm')[0], `  1 │ ${fits}`)
})

test('source text does not steer the terminal', () => {
  const drawn = excerpt('\u001b[2J\u0007x', { line: 1, column: 5 }, 'm').join('')
  assert.ok(!drawn.includes('\u001b') && !drawn.includes('\u0007'))
})
