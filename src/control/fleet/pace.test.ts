import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from './pace.ts'

const local = { roundTripMs: 0.1 }

test('batches grow while they go through, up to what the server does in 60 ms', () => {
  const pace = new Pace(local)
  const sizes = Array.from({ length: 6 }, (_, turn) => {
    const size = pace.batchSize(10_000)
    pace.succeeded(size, size * 0.5, turn)
    return size
  })
  assert.deepEqual(sizes, [4, 8, 16, 32, 32, 32])
  for (let turn = 0; turn < 20; turn++) pace.succeeded(4, 40, turn)
  assert.equal(pace.batchSize(10_000), 6, '10 ms each')
  for (let turn = 0; turn < 20; turn++) pace.succeeded(1, 400, turn)
  assert.equal(pace.batchSize(10_000), 1, 'slow files go alone')
})

test('the last targets are shared, but never so that the way to the server is all there is', () => {
  const near = new Pace({ roundTripMs: 0 })
  const far = new Pace({ roundTripMs: 50 })
  for (const pace of [near, far]) for (let turn = 0; turn < 5; turn++) pace.succeeded(4, 4, 0)
  assert.equal(near.batchSize(20), 10)
  assert.equal(far.batchSize(20), 32)
})

test('a batch that breaks halves them, and breaks that go on keep them small', () => {
  const pace = new Pace(local)
  for (let turn = 0; turn < 5; turn++) pace.succeeded(4, 2, 0)
  assert.equal(pace.batchSize(10_000), 32)
  pace.broke()
  assert.equal(pace.batchSize(10_000), 16)
  for (let turn = 0; turn < 6; turn++) pace.broke()
  assert.equal(pace.batchSize(10_000), 1)
  for (let turn = 0; turn < 10; turn++) pace.succeeded(1, 0.5, 0)
  assert.equal(pace.batchSize(10_000), 1, 'ten good ones are no proof yet')
})

test('the lock table limits them, fixed ones too', () => {
  const pace = new Pace(local)
  for (let turn = 0; turn < 5; turn++) pace.succeeded(4, 2, 0)
  pace.headroom(6_400)
  pace.locksCounted(240, 4)
  assert.equal(pace.batchSize(10_000), 26, 'half of 6,400 over 2 lanes, 60 each')
  assert.equal(new Pace({ ...local, batch: 500 }).batchSize(10_000), 500)
  const fixed = new Pace({ ...local, batch: 500 })
  fixed.headroom(640)
  fixed.locksCounted(10, 1)
  assert.equal(fixed.batchSize(10_000), 16)
  fixed.outOfLocks()
  assert.ok(fixed.batchSize(10_000) < 16)
})

test('lanes hide the round trip from the start', () => {
  assert.equal(new Pace(local).lanes, 2)
  assert.equal(new Pace({ roundTripMs: 6.5 }).lanes, 3)
  assert.equal(new Pace({ roundTripMs: 50 }).lanes, 10)
  assert.equal(new Pace({ roundTripMs: 900 }).lanes, 12)
  assert.equal(new Pace({ roundTripMs: 900, concurrency: 1 }).lanes, 1)
})

test('a further lane stays where it brings something; lanes never fall below where they began', () => {
  const pace = new Pace({ roundTripMs: 0 })
  let now = 0
  const window = (targets: number): number => {
    pace.succeeded(targets / 2, 1, now)
    now += 400
    pace.succeeded(targets / 2, 1, now)
    return pace.lanes
  }
  assert.equal(window(400), 3, 'a third is tried')
  assert.equal(window(600), 3, 'and stays')
  assert.equal(window(600), 4, 'a fourth is tried')
  assert.equal(window(610), 3, 'and brought nothing')
  for (let turn = 0; turn < 9; turn++) assert.equal(window(600), 3)
  assert.equal(window(600), 4, 'it is tried again')
  for (let turn = 0; turn < 100; turn++) window(turn % 2 === 0 ? 900 : 300)
  assert.ok(pace.lanes >= 2)
})

test('what was learnt of one file is not held against the next', () => {
  const pace = new Pace(local)
  for (let turn = 0; turn < 9; turn++) pace.succeeded(1, 400, turn)
  pace.locksCounted(900, 1)
  pace.expect(2)
  assert.ok(pace.needsLockCount)
  assert.deepEqual([pace.batchSize(10_000), pace.locksPerTarget], [4, 24])
})

test('refused connections and a full lock table lower the lanes', () => {
  const pace = new Pace({ roundTripMs: 50 })
  pace.outOfConnections(3)
  assert.equal(pace.lanes, 3)
  pace.outOfLocks()
  assert.equal(pace.lanes, 1)
  pace.headroom(5_000)
  assert.equal(pace.lanes, 2, 'it tries again, one by one')
})
