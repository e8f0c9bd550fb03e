import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../model/index.ts'
import { errorDocument, toPanalError } from './error-document.ts'

test('whatever is thrown on purpose stays as it is', () => {
  const error = new PanalError('PANAL_USAGE', 'No.')
  assert.equal(toPanalError(error), error)
  assert.deepEqual(errorDocument(error), {
    error: { code: 'PANAL_USAGE', message: 'No.', remedy: 'See panal --help.' },
  })
})

test('anything else is a defect of Panal and carries its stack', () => {
  const error = toPanalError(new TypeError('x is undefined'))
  assert.deepEqual(
    [error.code, error.exitCode, error.message],
    ['PANAL_INTERNAL', 1, 'TypeError: x is undefined'],
  )
  assert.match(error.details[0] ?? '', /^at .*error-document\.test\.ts/)
  assert.equal(toPanalError('a text').message, 'Error: a text')
})

test('the document has place and details where there are some', () => {
  const place = { file: 'a.sql', line: 7, column: 2 }
  const error = new PanalError('PANAL_MODEL_INVALID', 'No.', { place, details: ['x'] })
  assert.deepEqual(errorDocument(error), {
    error: { code: 'PANAL_MODEL_INVALID', message: 'No.', place, details: ['x'], remedy: error.remedy },
  })
})
