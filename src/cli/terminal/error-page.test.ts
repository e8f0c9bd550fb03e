import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import { errorPage } from './error-page.ts'
import { paintFor, plainPaint } from './paint.ts'

const terminal = { columns: 80, interactive: false, paint: plainPaint }

test('an error is a page: code and place, what, evidence, what to do', () => {
  const error = new PanalError('PANAL_MODEL_INVALID', 'Two things are wrong.', {
    place: { file: '/home/ana/shop/systems/shop/system.ts', line: 7, column: 3 },
    details: ['name: is odd', 'services: is empty'],
  })
  assert.equal(
    errorPage(error, terminal, '/home/ana/shop'),
    `error PANAL_MODEL_INVALID   systems/shop/system.ts:7:3

  Two things are wrong.

  name: is odd
  services: is empty

Mend every place that the message names.
`,
  )
})

test('a file elsewhere keeps its whole path', () => {
  const error = new PanalError('PANAL_CONFIG_INVALID', 'No.', { place: { file: '/etc/panal.config.ts' } })
  assert.match(
    errorPage(error, terminal, '/home/ana'),
    /^error PANAL_CONFIG_INVALID {3}\/etc\/panal\.config\.ts$/m,
  )
})

test('colours: on a terminal, unless NO_COLOR; FORCE_COLOR decides before both', () => {
  const coloured = (interactive: boolean, environment: NodeJS.ProcessEnv) =>
    paintFor(interactive, environment).red('x') !== 'x'
  assert.equal(coloured(true, {}), true)
  assert.equal(coloured(false, {}), false)
  assert.equal(coloured(true, { NO_COLOR: '1' }), false)
  assert.equal(coloured(true, { NO_COLOR: '' }), true)
  assert.equal(coloured(true, { TERM: 'dumb' }), false)
  assert.equal(coloured(false, { FORCE_COLOR: '1', NO_COLOR: '1' }), true)
  assert.equal(coloured(true, { FORCE_COLOR: '0' }), false)
})
