import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedSlugs, countOf } from './counted-slugs.ts'

test('numbering goes on after the highest, whatever the gaps', () => {
  assert.deepEqual(countedSlugs('t', 3, []), ['t1', 't2', 't3'])
  assert.deepEqual(countedSlugs('t', 2, ['t1', 't9', 't10', 't3']), ['t11', 't12'])
  assert.deepEqual(countedSlugs('t', 1, ['t007']), ['t8'])
})

test('only slugs of the very prefix and a number count', () => {
  assert.deepEqual(countedSlugs('shop', 1, ['shop', 'shop_5', 'shops9', 'myshop7', 'shop1a']), ['shop1'])
  assert.equal(countOf('t', 't12'), 12)
  assert.equal(countOf('t', `t${'9'.repeat(20)}`), undefined, 'more digits than a double holds')
  assert.equal(countOf('t1', 't12'), 2)
})
