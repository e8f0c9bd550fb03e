import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import { duration, flag, integer, list, text, texts } from './option.ts'
import { parseOptions } from './parse-options.ts'

const table = {
  yes: flag('', 'y'),
  to: text('VERSION', ''),
  system: texts('NAME', ''),
  only: list('IDS', ''),
  concurrency: integer('N', '', { min: 1, max: 64 }),
  lockTimeout: duration('MS', ''),
}
const parse = (...tokens: string[]) => parseOptions(tokens, table, 'panal migrate')

/** The whole of a refusal: message, then remedy. */
function refusal(...tokens: string[]): string {
  try {
    parse(...tokens)
  } catch (error) {
    assert.ok(error instanceof PanalError)
    assert.equal(error.code, 'PANAL_USAGE')
    return `${error.message} ${error.remedy}`
  }
  return assert.fail(`${tokens.join(' ')} was accepted`)
}

test('every way to write an option', () => {
  assert.deepEqual(parse('--to', '003', 'acme', '--lock-timeout=5s', '-y').options, {
    yes: true,
    to: '003',
    system: [],
    only: [],
    concurrency: undefined,
    lockTimeout: 5000,
  })
  assert.deepEqual(parse('--system', 'a', '--system=b', '--only', '01,02').options.system, ['a', 'b'])
  assert.deepEqual(parse('--only', '01, 02', '--only=03').options.only, ['01', '02', '03'])
  assert.deepEqual(parse('a', '--', '--yes', 'b').words, ['a', '--yes', 'b'])
  assert.equal(parse('--to=a=b').options.to, 'a=b')
  assert.equal(parse('--to=--yes').options.to, '--yes')
})

test('durations are milliseconds unless they say otherwise', () => {
  assert.equal(parse('--lock-timeout', '250').options.lockTimeout, 250)
  assert.equal(parse('--lock-timeout', '250ms').options.lockTimeout, 250)
  assert.equal(parse('--lock-timeout', '2min').options.lockTimeout, 120_000)
})

test('a refusal says what, where, why and what to do', () => {
  assert.equal(
    refusal('--concurrency', 'many'),
    'panal migrate: --concurrency N: "many" is no whole number. Write a whole number, 1 to 64.',
  )
  assert.equal(
    refusal('--concurrency=65'),
    'panal migrate: --concurrency N: 65 is out of range. Write a whole number, 1 to 64.',
  )
  assert.match(
    refusal('--lock-timeout', '5 hours'),
    /--lock-timeout MS: "5 hours" is no duration\. Write milli/,
  )
  assert.match(refusal('--lock-timeout', '999999999min'), /is no duration/)
  assert.equal(
    refusal('--systm', 'a'),
    'panal migrate has no option --systm. Did you mean --system? Otherwise see panal migrate --help.',
  )
  assert.equal(refusal('--to', '--yes'), 'panal migrate: --to needs a value. Write --to VERSION.')
  assert.equal(refusal('--to'), 'panal migrate: --to needs a value. Write --to VERSION.')
  assert.match(refusal('--to='), /--to VERSION: is empty/)
  assert.equal(refusal('--yes=no'), 'panal migrate: --yes takes no value. Write --yes alone.')
  assert.equal(refusal('--to', '1', '--to', '2'), 'panal migrate: --to is given twice. Give it once.')
  assert.match(refusal('-x'), /has no option -x/)
})

test('an option named like a property of every object is unknown too', () => {
  assert.match(refusal('--constructor'), /has no option --constructor/)
})
