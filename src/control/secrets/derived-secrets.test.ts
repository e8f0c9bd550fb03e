import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derivePassword, deriveSecretKey, keyFingerprint } from './derived-secrets.ts'
import { deriveBytes, hkdf } from './hkdf.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const counting = (from: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, i) => from + i))

test('HKDF-SHA256 gives the bytes of RFC 5869, appendix A', () => {
  const cases = [
    {
      input: Buffer.alloc(22, 0x0b),
      salt: counting(0x00, 13),
      info: counting(0xf0, 10),
      output: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    },
    {
      input: counting(0x00, 80),
      salt: counting(0x60, 80),
      info: counting(0xb0, 80),
      output:
        'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    },
    {
      input: Buffer.alloc(22, 0x0b),
      salt: Buffer.alloc(0),
      info: Buffer.alloc(0),
      output: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    },
  ]
  for (const { input, salt, info, output } of cases) {
    assert.equal(hkdf(input, salt, info, output.length / 2).toString('hex'), output)
  }
})

const key = hex('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff')
const otherKey = hex('10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff')

test('what was derived once must be derived forever: these values are pinned', () => {
  assert.equal(derivePassword(key, 'user_acme', 1), 'WtiXNSlGWH7nMdXoWDBWM5W1dHAyOQbm')
  assert.equal(
    deriveSecretKey(key, 'bo-tech', 'acme', 1),
    '7ca3c753de62d59095b07d2da808bdf68981829a17a1e0f894871992110f7d78',
  )
  assert.equal(keyFingerprint(key), '973ea4a573cd6e96727c53650b937dad')
})

test('passwords and secret keys have the promised form', () => {
  for (const role of ['user_acme', 'courses_svc', 'ñandú']) {
    assert.match(derivePassword(key, role, 1), /^[A-Za-z0-9_-]{32}$/)
    assert.match(deriveSecretKey(key, 'bo-tech', role, 1), /^[0-9a-f]{64}$/)
  }
})

test('key, purpose, name and rotation each change the secret', () => {
  const secrets = [
    derivePassword(key, 'user_acme', 1),
    derivePassword(key, 'user_acme', 2),
    derivePassword(key, 'user_acme', 11),
    derivePassword(key, 'user_acme1', 1),
    derivePassword(otherKey, 'user_acme', 1),
    deriveSecretKey(key, 'bo-tech', 'acme', 1),
    deriveSecretKey(key, 'bo-tech', 'acme', 2),
    deriveSecretKey(key, 'bo', 'tech-acme', 1),
    deriveSecretKey(key, 'bo-techacme', '', 1),
    deriveSecretKey(otherKey, 'bo-tech', 'acme', 1),
    keyFingerprint(key),
    keyFingerprint(otherKey),
  ]
  assert.equal(new Set(secrets).size, secrets.length)
})

test('lists of parts that join to the same text stay apart', () => {
  const lists = [['ab'], ['a', 'b'], ['a', 'b', ''], ['a,b'], ['a","b'], [1], ['1']]
  const derived = lists.map((parts) => deriveBytes(key, parts, 16).toString('hex'))
  assert.equal(new Set(derived).size, lists.length)
})
