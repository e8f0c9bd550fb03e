import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replaceQualifier } from './replace-qualifier.ts'

const replaced = (text: string): string => replaceQualifier(text, 'shop_acme', '{s}')

test('a schema is replaced where it qualifies a name', () => {
  assert.equal(replaced('SELECT * FROM shop_acme.orders'), 'SELECT * FROM {s}.orders')
  assert.equal(replaced('REFERENCES "shop_acme"."Orders"(id)'), 'REFERENCES {s}."Orders"(id)')
  assert.equal(replaced('shop_acme.shop_acme.id'), '{s}.shop_acme.id')
})

test('text that reads like the schema is left alone', () => {
  for (const text of [
    "SELECT 'shop_acme.orders'",
    "SELECT 'it''s shop_acme.orders'",
    "SELECT 1 -- shop_acme.orders, don't\n",
    '/* shop_acme.orders */ SELECT 1',
    'DO $x$ shop_acme.orders $x$',
    'SELECT shop_acme FROM t',
    'SELECT shop_acme2.id, my_shop_acme.id',
    'SELECT t.shop_acme.id',
    'SELECT "of shop_acme.orders"',
  ]) {
    assert.equal(replaced(text), text)
  }
})

test('a literal does not swallow the reference after it', () => {
  assert.equal(
    replaced("x = 'a''b' AND y = shop_acme.f('shop_acme.')"),
    "x = 'a''b' AND y = {s}.f('shop_acme.')",
  )
})
