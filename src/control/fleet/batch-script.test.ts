import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenAt } from './batch-script.ts'

// Two files of 2 and 1 statements on 3 targets:
// BEGIN claim (enter a b) ×3 ended COMMIT | BEGIN claim (enter a) ×3 ended COMMIT
const at = (completed: number) => {
  const { committed, target, entering } = brokenAt(completed, 3, [2, 1])
  return [committed, target, entering]
}

test('the number of completed statements tells file and target', () => {
  assert.deepEqual(at(0), [0, null, false], 'nothing was parsed')
  assert.deepEqual(at(1), [0, null, false], 'the claim')
  assert.deepEqual(at(2), [0, 0, true], 'entering the first')
  assert.deepEqual(at(3), [0, 0, false])
  assert.deepEqual(at(4), [0, 0, false], 'its second statement')
  assert.deepEqual(at(5), [0, 1, true])
  assert.deepEqual(at(10), [0, 2, false], 'the last statement of the last')
  assert.deepEqual(at(11), [0, null, false], 'the clock')
  assert.deepEqual(at(12), [0, null, false], 'COMMIT')
  assert.deepEqual(at(14), [1, null, false], 'the claim of the second file')
  assert.deepEqual(at(15), [1, 0, true])
  assert.deepEqual(at(20), [1, 2, false])
  assert.deepEqual(at(22), [1, null, false], 'its COMMIT')
})

test('a file of comments alone has no statement of its own', () => {
  assert.deepEqual(brokenAt(3, 2, [0]), { committed: 0, target: 1, entering: true })
})
