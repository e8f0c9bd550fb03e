import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatShare, parseShare, shareOf } from './share.ts'

test('a share is a count or a percentage, and nothing else', () => {
  assert.deepEqual(parseShare('1'), { count: 1 })
  assert.deepEqual(parseShare(' 2.5% '), { percent: 2.5 })
  for (const text of ['', '%', '-1', '1.5', '101%', 'all', '1e3', '9'.repeat(20)])
    assert.equal(parseShare(text), null, text)
  for (const text of ['0', '12', '2.5%', '100%']) assert.equal(formatShare(parseShare(text)!), text)
})

test('a percentage is rounded up', () => {
  assert.equal(shareOf({ percent: 5 }, 1_000), 50)
  assert.equal(shareOf({ percent: 1 }, 30), 1)
  assert.equal(shareOf({ percent: 0 }, 30), 0)
  assert.equal(shareOf({ count: 7 }, 3), 7)
})
