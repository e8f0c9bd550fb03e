import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hint, nearest } from './nearest.ts'

const word = fc.string({ unit: fc.constantFrom(...'abcde'), minLength: 1, maxLength: 9 })

/** The same distance, by its recursive definition: slow, and written otherwise. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return distance(restA, restB)
  const swapped = a[0] === b[1] && a[1] === b[0] ? distance(a.slice(2), b.slice(2)) : Number.POSITIVE_INFINITY
  return 1 + Math.min(distance(restA, restB), distance(a, restB), distance(restA, b), swapped)
}

describe('nearest', () => {
  it('is the candidate with the fewest edits, if they are few', () => {
    const short = fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(short, fc.array(short, { maxLength: 5 }), (typed, candidates) => {
        const allowed = Math.max(1, Math.floor(typed.length / 3))
        const least = Math.min(...candidates.map((candidate) => distance(typed, candidate)))
        const found = nearest(typed, candidates)
        if (least > allowed) assert.equal(found, undefined)
        else assert.equal(found === undefined ? undefined : distance(typed, found), least)
      }),
      { numRuns: 500 },
    )
  })

  it('is the word itself where that is a candidate', () => {
    fc.assert(
      fc.property(word, fc.array(word), (typed, others) => nearest(typed, [...others, typed]) === typed),
    )
  })

  it('finds a word after any single slip', () => {
    const slip = fc.record({ at: fc.nat(), letter: fc.constantFrom(...'xyz'), kind: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(fc.stringMatching(/^[a-e]{4,9}$/), slip, (meant, { at, letter, kind }) => {
        const i = at % meant.length
        const [head, tail] = [meant.slice(0, i), meant.slice(i)]
        const typed = [
          head + letter + tail,
          head + tail.slice(1),
          head + letter + tail.slice(1),
          head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2),
        ][kind]!
        assert.equal(nearest(typed, ['unrelated_word', meant]), meant)
      }),
    )
  })

  it('is nothing where nothing is near', () => {
    assert.equal(nearest('plan', ['apply', 'migrate', 'tenant']), undefined)
    assert.equal(nearest('plan', []), undefined)
  })

  it('tells what there is where nothing is near', () => {
    assert.equal(hint('corses', ['auth', 'courses']), 'did you mean "courses"?')
    assert.equal(hint('x_y_z', ['auth', 'courses']), 'known: auth, courses')
    assert.equal(hint('x', []), 'there is none')
  })
})
