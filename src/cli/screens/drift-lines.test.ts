import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitionLines } from './drift-lines.ts'

const lines = (expected: string | undefined, actual: string | undefined): readonly string[] =>
  definitionLines({
    object: 'x',
    change: 'changed',
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  })

test('only the lines that differ are shown', () => {
  assert.deepEqual(lines('a\nb\nc', 'a\nB\nc'), ['- b', '+ B'])
  assert.deepEqual(lines('a\nc', 'a\nb\nc'), ['+ b'])
  assert.deepEqual(lines('a\na', 'a'), ['- a'])
})

test('what is missing or extra is shown whole, and a long body cut', () => {
  assert.deepEqual(lines('integer', undefined), ['- integer'])
  assert.deepEqual(lines(undefined, ''), [])
  const body = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')
  const shown = lines(undefined, body)
  assert.equal(shown.length, 13)
  assert.equal(shown.at(-1), '+ … 8 more lines')
})
