import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unifiedDiff } from './unified-diff.ts'

test('equal texts differ in nothing', () => {
  assert.deepEqual(unifiedDiff('a\nb\n', 'a\nb\n'), [])
})

test('a change stands between three lines of context, neighbours in one hunk', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n')
  const after = ['1', '2', '3', '4', 'five', '6', '7', '7b', '8'].join('\n')
  assert.deepEqual(unifiedDiff(before, after), [
    '@@ -2,7 +2,8 @@',
    ' 2',
    ' 3',
    ' 4',
    '-5',
    '+five',
    ' 6',
    ' 7',
    '+7b',
    ' 8',
  ])
})

test('changes far apart have a hunk each', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`)
  const changed = lines.map((line, index) => (index === 1 || index === 28 ? `${line}!` : line))
  const hunks = unifiedDiff(lines.join('\n'), changed.join('\n')).filter((line) => line.startsWith('@@'))
  assert.deepEqual(hunks, ['@@ -1,5 +1,5 @@', '@@ -26,5 +26,5 @@'])
})

test('a text that is new or gone', () => {
  assert.deepEqual(unifiedDiff('a', 'a\nb'), ['@@ -1,1 +1,2 @@', ' a', '+b'])
  assert.deepEqual(unifiedDiff('a\nb', 'b'), ['@@ -1,2 +1,1 @@', '-a', ' b'])
})
