import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { locateServerError } from './locate-server-error.ts'

// What real servers say is proven in test/postgres-positions.pg.test.ts; here is what they say rarely.

function serverError(fields: Partial<pg.DatabaseError>): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('no', 0, 'error'), fields)
}

const block = 'DO $$\nBEGIN\n  RAISE EXCEPTION $m$no$m$;\nEND $$;\n'

test('contexts are understood in the languages of the server', () => {
  const contexts = [
    'PL/pgSQL function inline_code_block line 3 at RAISE',
    'función PL/pgSQL inline_code_block en la línea 3 en RAISE',
    'PL/pgSQL-Funktion inline_code_block Zeile 3 bei RAISE',
    'PL/pgSQL関数inline_code_blockの3行目 - RAISE',
  ]
  for (const where of contexts) {
    assert.deepEqual(locateServerError(serverError({ where }), block), { line: 3, column: 3 }, where)
  }
})

test('with several blocks, no place is better than a wrong one, unless the statement is known', () => {
  const error = serverError({ where: 'PL/pgSQL function inline_code_block line 3 at RAISE' })
  const text = `${block}\n-- again\n${block}`
  assert.equal(locateServerError(error, text), undefined)
  assert.deepEqual(locateServerError(error, text, { statementStart: 0 }), { line: 3, column: 3 })
  assert.deepEqual(locateServerError(error, text, { statementStart: block.length }), { line: 9, column: 3 })
})

test('a statement is the place of an error without any', () => {
  const text = 'SELECT 1; -- x\n/* y */ SELECT 1/0;'
  assert.equal(locateServerError(serverError({}), text), undefined)
  assert.deepEqual(locateServerError(serverError({}), text, { statementStart: 9 }), { line: 2, column: 9 })
})

test('a position outside the text is none of its places', () => {
  const options = { prefixCodePoints: 10 }
  assert.equal(locateServerError(serverError({ position: '3' }), 'SELECT', options), undefined)
  assert.equal(locateServerError(serverError({ position: '99' }), 'SELECT', options), undefined)
  assert.deepEqual(locateServerError(serverError({ position: '17' }), 'SELECT', options), {
    line: 1,
    column: 7,
  })
})

test('a short query of a function elsewhere is not taken for the same words here', () => {
  const fields = {
    internalQuery: 'a + b',
    internalPosition: '1',
    where: 'PL/pgSQL function old() line 2 at RETURN',
  }
  assert.equal(locateServerError(serverError(fields), 'SELECT a + b FROM t'), undefined)
})

test('an error that is not the server’s has no place', () => {
  assert.equal(locateServerError(new Error('no'), block), undefined)
})
