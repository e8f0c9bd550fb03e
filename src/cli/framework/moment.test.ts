import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moment } from './moment.ts'
import { BadValue } from './option.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const parse = (value: string) =>
  moment('WHEN', '', () => noon)
    .parse(value, undefined)
    ?.toISOString()

test('a date, an ISO time, or how long ago', () => {
  assert.equal(parse('2026-11-20'), '2026-11-20T00:00:00.000Z')
  assert.equal(parse('2026-11-20T08:30:00+01:00'), '2026-11-20T07:30:00.000Z')
  assert.equal(parse('90min'), '2026-11-21T10:30:00.000Z')
  assert.equal(parse('24h'), '2026-11-20T12:00:00.000Z')
  assert.equal(parse('7d'), '2026-11-14T12:00:00.000Z')
})

test('anything else is refused, also what Date.parse would take', () => {
  for (const value of ['yesterday', '1', '2026', '21.11.2026', '2026-13-45', '5m', '']) {
    assert.throws(() => parse(value), BadValue, value)
  }
})
