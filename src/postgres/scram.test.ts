import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { PanalError } from '../model/index.ts'
import { scramVerifier } from './scram.ts'

test('the exchange of RFC 7677 is proven by the verifier', async () => {
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ=='
  const verifier = await scramVerifier('pencil', { salt: Buffer.from(salt, 'base64') })
  const [, storedKey = '', serverKey = ''] =
    /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$(.+):(.+)$/.exec(verifier) ?? []
  const message =
    'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
    `r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=${salt},i=4096,` +
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const sign = (key: string) => createHmac('sha256', Buffer.from(key, 'base64')).update(message).digest()
  assert.equal(sign(serverKey).toString('base64'), '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  // ClientProof = ClientKey XOR ClientSignature, and StoredKey = H(ClientKey).
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')
  const signature = sign(storedKey)
  const clientKey = proof.map((byte, index) => byte ^ (signature[index] ?? 0))
  assert.equal(createHash('sha256').update(clientKey).digest('base64'), storedKey)
})

test('salts differ from call to call', async () => {
  assert.notEqual(await scramVerifier('x'), await scramVerifier('x'))
})

test('what SASLprep could change is refused, and not quoted', async () => {
  for (const password of ['', 'contraseña', 'a\u00a0b', 'a\tb', 'a\0b']) {
    await assert.rejects(
      scramVerifier(password),
      (error) =>
        error instanceof PanalError &&
        error.code === 'PANAL_INTERNAL' &&
        (password === '' || !error.message.includes(password)),
    )
  }
})
