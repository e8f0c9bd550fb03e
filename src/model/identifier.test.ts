import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { identifierProblem, MAX_IDENTIFIER_BYTES, slugProblem, systemNameProblem } from './identifier.ts'

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** Near misses are far more telling than arbitrary text. */
const wordLike = fc.string({
  unit: fc.constantFrom(...'abz059_-. "\'$\\;Aéñ😀\n\0'),
  maxLength: 70,
})
const anyText = fc.oneof(wordLike, fc.string(), fc.stringMatching(/^[a-z][a-z0-9_]{0,66}$/))

describe('identifiers', () => {
  it('are accepted only where PostgreSQL keeps them whole and needs no quotes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        if (identifierProblem(text) !== undefined) return
        assert.equal(text, text.toLowerCase())
        assert.ok(bytes(text) >= 1 && bytes(text) <= MAX_IDENTIFIER_BYTES)
        assert.doesNotMatch(text, /[^a-z0-9_]/)
        assert.doesNotMatch(text, /^([0-9_]|pg_)/)
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused for no other reason', () => {
    const fine = fc.stringMatching(/^[a-z][a-z0-9_]{0,62}$/).filter((text) => !text.startsWith('pg_'))
    fc.assert(fc.property(fine, (text) => assert.equal(identifierProblem(text), undefined)))
  })

  it('are texts', () => {
    for (const value of [undefined, null, 5, ['a'], { toString: () => 'a' }]) {
      assert.equal(identifierProblem(value), 'must be a text')
    }
  })

  it('may have 63 bytes and not 64', () => {
    assert.equal(identifierProblem('a'.repeat(63)), undefined)
    assert.equal(identifierProblem('a'.repeat(64)), `"${'a'.repeat(64)}" has 64 bytes, PostgreSQL keeps 63`)
  })
})

describe('slugs', () => {
  it('make identifiers with any prefix that leaves them room', () => {
    fc.assert(
      fc.property(anyText, (slug) => {
        if (slugProblem(slug) !== undefined) return
        assert.equal(identifierProblem(slug), undefined)
        assert.equal(identifierProblem(`schema_${slug}`), undefined)
        assert.equal(slug, encodeURIComponent(slug), 'stands in a URL as it is')
      }),
      { numRuns: 1000 },
    )
  })

  for (const slug of [
    "o'hara",
    'a"b',
    'Acme',
    'x'.repeat(64),
    'x'.repeat(42),
    'a',
    '',
    '1st',
    '_a',
    'a-b',
    'ñu',
    'acme\n',
  ]) {
    it(`refuse ${JSON.stringify(slug)} for its form`, () => {
      assert.match(slugProblem(slug) ?? '', /must match \^\[a-z\]/)
    })
  }

  for (const slug of ['select', 'user', 'public', 'postgres', 'panal', 'template0', 'none', 'pg_temp_1']) {
    it(`refuse ${slug}, which is reserved`, () => {
      assert.match(slugProblem(slug) ?? '', /is a word that SQL or PostgreSQL reserves/)
    })
  }

  for (const slug of ['ac', 'farmacruz', 'tenant_42', 'selected', 'x'.repeat(41)]) {
    it(`take ${slug}`, () => assert.equal(slugProblem(slug), undefined))
  }
})

describe("systems' names", () => {
  for (const name of ['a', 'acc-lms', 'orbit-engine', 'v2']) {
    it(`take ${name}`, () => assert.equal(systemNameProblem(name), undefined))
  }
  for (const name of ['', 'ACC', 'a_b', '-a', 'a-', 'a--b', '2a', 'a b', undefined, 7]) {
    it(`refuse ${JSON.stringify(name)}`, () => assert.notEqual(systemNameProblem(name), undefined))
  }

  it('become identifiers once hyphens are underscores', () => {
    fc.assert(
      fc.property(wordLike, (name) => {
        if (systemNameProblem(name) !== undefined || name.length > MAX_IDENTIFIER_BYTES) return
        assert.equal(identifierProblem(name.replaceAll('-', '_')), undefined)
      }),
      { numRuns: 1000 },
    )
  })
})
