import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { typeErrors } from './type-errors.ts'

const text = readFileSync(new URL('./describe.ts', import.meta.url), 'utf8')
const directive = '// @ts-expect-error'

test('what describe.ts accepts and refuses is what the compiler accepts and refuses', async () => {
  assert.deepEqual(await typeErrors({ 'describe.ts': text }), [])
})

test('every line that should be refused is, where a person would look, with the name meant', async () => {
  const lines = text.split('\n')
  const expected = lines.flatMap((line, index) => (line.includes(directive) ? [index + 2] : []))
  assert.ok(expected.length >= 7)
  const errors = await typeErrors({
    'describe.ts': lines.map((line) => line.replace(directive, '//')).join('\n'),
  })
  assert.deepEqual([...new Set(errors.map((error) => error.line))], expected)
  const wrongNames = errors.filter((error) => error.message.includes('"corses"'))
  assert.equal(wrongNames.length, 3)
  for (const { message } of wrongNames) assert.match(message, /Did you mean '"courses"'\?$/)
})
