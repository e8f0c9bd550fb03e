import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkItem } from './work-item.ts'
import { WorkQueue } from './work-queue.ts'

const item = (name: string, shape: string | null = 'a'): WorkItem =>
  ({ target: { schema: name }, shape }) as WorkItem
const names = (items: readonly WorkItem[]): string => items.map(({ target }) => target.schema).join(' ')

test('items of one shape come together, others alone', () => {
  const queue = new WorkQueue([item('1'), item('2'), item('3', 'b'), item('4', null), item('5', null)])
  const taken = Array.from({ length: 5 }, () => names(queue.take(10, 0)))
  assert.deepEqual(taken, ['1 2', '3', '4', '5', ''])
  assert.ok(queue.isEmpty)
})

test('what is given back comes next, in its order', () => {
  const queue = new WorkQueue(['1', '2', '3', '4'].map((name) => item(name)))
  const [first, ...others] = queue.take(3, 0)
  queue.giveBack(others)
  assert.equal(queue.ready, 3)
  assert.equal(names([first!]), '1')
  assert.equal(names(queue.take(3, 0)), '2 3 4')
})

test('held items return at their time, to the end', () => {
  const queue = new WorkQueue([item('1'), item('2')])
  queue.hold(queue.take(1, 0)[0]!, 100)
  assert.equal(queue.ready, 2)
  assert.equal(names(queue.take(9, 50)), '2')
  assert.equal(names(queue.take(9, 99)), '')
  assert.equal(queue.nextMs('held'), 100)
  assert.equal(names(queue.take(9, 100)), '1')
})

test('waiting items are taken one by one, and not by batches', () => {
  const queue = new WorkQueue([])
  queue.wait(item('1'), 20)
  queue.wait(item('2'), 10)
  assert.deepEqual([queue.ready, queue.waiting, queue.nextMs('waiting')], [0, 2, 10])
  assert.deepEqual(queue.take(9, 30), [])
  assert.equal(queue.takeWaiting(5), undefined)
  assert.equal(names([queue.takeWaiting(10)!]), '2')
  assert.equal(names([queue.takeWaiting(20)!]), '1')
})

test('a jump loses nothing', () => {
  const queue = new WorkQueue(['1', '2', '3', '4', '5'].map((name) => item(name)))
  queue.take(1, 0)
  queue.jump(0.5)
  assert.equal(names(queue.take(9, 0)), '4 5 2 3')
})
