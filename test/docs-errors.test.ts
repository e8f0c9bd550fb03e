import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { documentedCodes, generatePage } from '../scripts/generate-errors.ts'
import { type ErrorEntry, errorRegistry } from '../src/model/index.ts'

const text = readFileSync(new URL('../docs/reference/errors.md', import.meta.url), 'utf8')
const codes = Object.keys(errorRegistry)

test('docs/reference/errors.md has every code of the registry and no other', () => {
  const documented = [...documentedCodes(text).keys()]
  const behind = 'run: node scripts/generate-errors.ts'
  assert.deepEqual(
    codes.filter((code) => !documented.includes(code)),
    [],
    `not documented; ${behind}`,
  )
  assert.deepEqual(
    documented.filter((code) => !codes.includes(code)),
    [],
    `not in the registry; ${behind}`,
  )
})

test('exit codes, statuses, meanings and remedies on the page are those of the registry', () => {
  const page = generatePage(errorRegistry, text)
  assert.ok(page === text, 'the page is behind the registry; run: node scripts/generate-errors.ts')
})

test('a person has written why each code comes up', () => {
  const silent = [...documentedCodes(text)].filter(([, prose]) => prose.length < 20).map(([code]) => code)
  assert.deepEqual(silent, [], 'write a sentence under these headings')
})

const entry = (meaning: string): ErrorEntry => ({ exitCode: 2, httpStatus: 400, meaning, remedy: 'Mend it.' })

test('what a person wrote survives, and a code that left is retired for good', () => {
  const first = generatePage({ PANAL_A: entry('A is bad.'), PANAL_B: entry('B is bad.') }, '')
  const written = first.replace('*\n\n## PANAL_B', '*\n\nBecause of *this*:\n\n- and that\n\n## PANAL_B')
  assert.equal(documentedCodes(written).get('PANAL_A'), 'Because of *this*:\n\n- and that')

  const second = generatePage({ PANAL_A: entry('A is worse.') }, written)
  assert.equal(documentedCodes(second).get('PANAL_A'), 'Because of *this*:\n\n- and that')
  assert.match(second, /A is worse\./)
  assert.match(second, /^## Retired codes$/m)
  assert.match(second, /^- `PANAL_B`: B is bad\.$/m)
  assert.equal(
    generatePage({ PANAL_A: entry('A is worse.') }, second),
    second,
    'a second run changes nothing',
  )

  const reused = { PANAL_A: entry('A is worse.'), PANAL_B: entry('Another B.') }
  assert.throws(() => generatePage(reused, second), /retired codes are never reused: PANAL_B/)
})
