import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayWidth } from './display-width.ts'
import { plainPaint } from './paint.ts'
import { tableText } from './table.ts'
import type { Terminal } from './terminal.ts'

const wide: Terminal = { columns: Number.POSITIVE_INFINITY, interactive: false, paint: plainPaint }
const columns = [{ title: 'tenant' }, { title: 'schema' }, { title: 'rows', align: 'right' as const }]

test('columns align, numbers to the right, without blanks at the end of a line', () => {
  const text = tableText(
    {
      columns,
      rows: [
        ['acme', 'schema_acme', '1,204'],
        ['lumen', 'x', '7'],
      ],
    },
    wide,
  )
  assert.equal(
    text,
    ['tenant  schema        rows', 'acme    schema_acme  1,204', 'lumen   x                7'].join('\n'),
  )
})

test('wide characters and emoji count as two cells, combining marks as none', () => {
  assert.equal(displayWidth('日本'), 4)
  assert.equal(displayWidth('🐝'), 2)
  assert.equal(displayWidth('👩‍👩‍👧'), 2)
  assert.equal(displayWidth('e\u0301'), 1)
  const lines = tableText(
    {
      columns,
      rows: [
        ['日本', 'a', '1'],
        ['abcd', 'b', '2'],
      ],
    },
    wide,
  ).split('\n')
  assert.equal(displayWidth(lines[1] ?? ''), displayWidth(lines[2] ?? ''))
})

test('a table wider than the terminal is cut in its widest columns and fits', () => {
  const rows = [['acme', 'schema_'.repeat(20), '12']]
  for (const width of [80, 40, 30]) {
    const lines = tableText({ columns, rows }, { ...wide, columns: width }).split('\n')
    for (const line of lines) assert.ok(displayWidth(line) <= width, `${width}: ${line}`)
    assert.match(lines[1] ?? '', /^acme .*… +12$/)
  }
})

test('equally wide columns give up equally much', () => {
  const rows = [['a'.repeat(40), 'b'.repeat(40), '1']]
  const line = tableText({ columns, rows }, { ...wide, columns: 48 }).split('\n')[1] ?? ''
  const [left = '', right = ''] = line.split(/\s+/)
  assert.ok(Math.abs(left.length - right.length) <= 1, line)
})

test('a name from a database cannot steer the terminal', () => {
  const text = tableText({ columns, rows: [['\x1b[2Jevil\r\n', 'two\nlines', '1']] }, wide)
  assert.ok(!text.includes('\x1b') && !text.includes('\r'))
  assert.match(text, /two lines/)
})

test('colour comes after cutting and padding', () => {
  const cell = { text: 'ok', paint: (text: string) => `<${text}>` }
  const text = tableText({ columns: [{ title: 'state' }, { title: 'x' }], rows: [[cell, 'y']] }, wide)
  assert.equal(text, 'state  x\n<ok   >  y')
})
