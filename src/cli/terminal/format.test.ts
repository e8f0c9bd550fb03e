import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, formatClock, formatCount, formatDuration, plural } from './format.ts'

test('counts carry thousands separators', () => {
  assert.deepEqual([0, 999, 1000, 1_234_567].map(formatCount), ['0', '999', '1,000', '1,234,567'])
  assert.equal(plural(1, 'target'), '1 target')
  assert.equal(plural(1000, 'target'), '1,000 targets')
})

test('durations are as precise as a person needs', () => {
  const durations = [4.4, 99, 612, 1900, 59_400, 125_000, 3_780_000]
  assert.deepEqual(durations.map(formatDuration), [
    '4 ms',
    '99 ms',
    '0.61 s',
    '1.9 s',
    '59 s',
    '2 min 05 s',
    '1 h 03 min',
  ])
})

test('a duration never rounds to sixty of a unit', () => {
  assert.equal(formatDuration(59_999), '1 min 00 s')
  assert.equal(formatDuration(3_599_900), '1 h 00 min')
})

test('times left read as a clock', () => {
  assert.deepEqual([0, 6001, 725_000, 3_725_000].map(formatClock), ['0:00', '0:07', '12:05', '1:02:05'])
})

test('bytes', () => {
  assert.deepEqual([512, 1536, 524_288_000, 1_073_741_824].map(formatBytes), [
    '512 B',
    '1.5 kB',
    '500 MB',
    '1.0 GB',
  ])
})
