import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../model/index.ts'
import { ident, join, literal, sql, trusted } from './sql.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof PanalError && error.code === code

test('a string is bound, SQL is spliced, and $n is numbered across nesting', () => {
  const condition = sql`a = ${1} and b = ${'x'}`
  const query = sql`select ${ident('s', 't')} where ${condition} or c = any(${['p', 'q']}) and d = ${null}`
  assert.equal(query.text, 'select "s"."t" where a = $1 and b = $2 or c = any($3) and d = $4')
  assert.deepEqual(query.values, [1, 'x', ['p', 'q'], null])
})

test('neighbouring holes, leading and trailing ones keep their order', () => {
  const query = sql`${1}${sql`${2}-${3}`}${4}`
  assert.equal(query.text, '$1$2-$3$4')
  assert.deepEqual(query.values, [1, 2, 3, 4])
})

test('identifiers are quoted, and refused where PostgreSQL would cut or misread them', () => {
  assert.equal(ident('we"ird', 'TABLE').text, '"we""ird"."TABLE"')
  assert.equal(ident('ñ'.repeat(31)).text, `"${'ñ'.repeat(31)}"`)
  for (const name of ['', 'ñ'.repeat(32), 'a\0b', '\ud800'])
    assert.throws(() => ident(name), refusedAs('PANAL_IDENTIFIER_INVALID'), JSON.stringify(name))
})

test('literals are safe under either setting of standard_conforming_strings', () => {
  assert.equal(literal("O'Hara").text, "'O''Hara'")
  assert.equal(literal("a\\'b").text, " E'a\\\\''b'")
  assert.equal(sql`x -${literal(-1)}`.text, 'x - -1')
  assert.deepEqual(
    [literal(null), literal(true), literal(1.5), literal(2n ** 62n)].map((part) => part.text),
    ['NULL', 'TRUE', '1.5', '4611686018427387904'],
  )
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 'a\0b', '\udc00'])
    assert.throws(() => literal(value), refusedAs('PANAL_INTERNAL'))
})

test('join separates parts of either kind', () => {
  assert.equal(join([]).text, '')
  assert.equal(join([ident('a'), ident('b')]).text, '"a", "b"')
  const list = sql`in (${join([1, sql`${2} + ${3}`], ' , ')})`
  assert.equal(list.text, 'in ($1 , $2 + $3)')
  assert.deepEqual(list.values, [1, 2, 3])
})

test('a statement binds nothing', () => {
  assert.equal(sql`create schema ${ident('x')}`.statement, 'create schema "x"')
  assert.throws(() => sql`select ${1}`.statement, refusedAs('PANAL_INTERNAL'))
})

test('Sql cannot be altered, nor through an array that it was given', () => {
  const array = ['a']
  const query = sql`select ${array}`
  array.push('b')
  assert.deepEqual(query.values, [['a']])
  assert.throws(() => Object.assign(query, { values: [] }), TypeError)
  assert.throws(() => (query.values as unknown[]).push(1), TypeError)
})

test('what cannot be bound is refused although the types were evaded', () => {
  for (const value of [
    undefined,
    {},
    new Date(Number.NaN),
    Symbol('x'),
    { text: 'drop', values: [] },
    [undefined],
  ])
    assert.throws(() => sql`select ${value as never}`, refusedAs('PANAL_INTERNAL'))
})

test('types: computed strings never become SQL text', () => {
  const name: string = 'users'
  assert.equal(trusted('select 1').text, 'select 1')
  const rejected = () => {
    // @ts-expect-error a computed string is no constant
    trusted(name)
    // @ts-expect-error nor is a template with a hole
    trusted(`select ${name}`)
    // @ts-expect-error nor is a computed separator
    join([1, 2], name)
    // @ts-expect-error an object that looks like SQL is not SQL
    sql`select ${{ text: name, values: [] }}`
    // @ts-expect-error undefined is no value
    sql`select ${undefined}`
  }
  assert.equal(typeof rejected, 'function')
})
