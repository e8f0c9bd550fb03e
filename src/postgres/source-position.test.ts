import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codePointOffset, codePointOffsetOfByte, placeInText, utf16Index } from './source-position.ts'

test('offsets of code points, bytes and UTF-16 units agree at every character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, length) => {
      const before = Array.from(text).slice(0, length).join('')
      const offset = Array.from(before).length
      assert.equal(utf16Index(text, offset), before.length)
      assert.equal(codePointOffset(text, before.length), offset)
      assert.equal(codePointOffsetOfByte(text, Buffer.byteLength(before)), offset)
    }),
  )
})

test('lines and columns count from 1, columns in code points', () => {
  const text = 'a\r\n😀ñ x\n\nend'
  const places = [0, 3, 4, 6, 8, 9, 12, 99].map((offset) => placeInText(text, offset))
  assert.deepEqual(
    places.map(({ line, column }) => `${line}:${column}`),
    ['1:1', '2:1', '2:2', '2:4', '3:1', '4:1', '4:4', '4:4'],
  )
})
