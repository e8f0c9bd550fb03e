import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainPaint, type Terminal } from '../terminal/index.ts'
import { type Failure, failureList } from './failure-list.ts'

const terminal: Terminal = { columns: 80, interactive: false, paint: plainPaint }
const failure = (target: string, message: string): Failure => ({
  target,
  migration: '004_order_channel',
  code: 'PANAL_MIGRATION_FAILED',
  message,
  place: { file: '/home/ana/shop/004_order_channel.sql', line: 6, column: 3 },
  details: ['  6 │ CHECK …'],
})

test('a failure is a line with its place; the evidence follows the first of its kind', () => {
  const lines = failureList(
    [failure('shop/a', 'no'), failure('shop/b', 'no'), failure('shop/c', 'never')],
    terminal,
    '/home/ana',
  )
  assert.equal(
    lines[0],
    '  ✗ shop/a   004_order_channel   PANAL_MIGRATION_FAILED   no   shop/004_order_channel.sql:6:3',
  )
  assert.deepEqual(
    lines.map((line) => line.trimStart().slice(0, 1)),
    ['✗', '6', '✗', '✗', '6'],
  )
})

test('a thousand failures are twenty and a count', () => {
  const lines = failureList(
    Array.from({ length: 1000 }, (_, index) => failure(`shop/t${index}`, 'no')),
    terminal,
    '/',
  )
  assert.equal(lines.filter((line) => line.includes('✗')).length, 20)
  assert.equal(lines.at(-1), '  … and 980 more; --json lists all')
})

test('what a database says cannot steer the terminal', () => {
  assert.ok(
    !failureList([failure('shop/a', '\x1b[2J')], terminal, '/')
      .join('')
      .includes('\x1b'),
  )
})
