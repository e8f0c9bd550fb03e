import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { PanalError } from '../../model/index.ts'
import { formatEnvironmentFile } from './environment-file.ts'

const values = {
  DATABASE_URL:
    'postgresql://user_acme:a-_B9@db.example:5432/bo_tech?sslmode=verify-full&sslrootcert=/ca.pem',
  SECRET_KEY: 'ab'.repeat(32),
  ALLOWED_ORIGINS: 'https://a.example,http://localhost:3000',
  EMPTY: '',
  SPACED: ' two  words # no comment ',
  SHELL: '$HOME `id` $(id) \\n "quoted" ; & | < > * ! {}',
  APOSTROPHE: "l'eau de 'Cologne'",
  UNICODE: 'ñandú 🐝',
}

test('Node reads back what was written', () => {
  assert.deepEqual({ ...parseEnv(formatEnvironmentFile(values)) }, values)
})

test('a shell reads back what was written', () => {
  const script = `${formatEnvironmentFile(values)}${Object.keys(values)
    .map((name) => `printf '%s\\0' "$${name}"`)
    .join('\n')}`
  const printed = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: {} })
  assert.deepEqual(printed.split('\0').slice(0, -1), Object.values(values))
})

test('plain values stand bare, as docker --env-file needs them', () => {
  assert.equal(
    formatEnvironmentFile({ A: 'postgresql://u:p@h:5432/d?sslmode=require', B: '' }),
    'A=postgresql://u:p@h:5432/d?sslmode=require\nB=\n',
  )
})

test('what readers disagree on is refused', () => {
  for (const value of ['two\nlines', 'a\rb', 'a\0b', `it's "both"`, "it's $HOME"]) {
    assert.throws(
      () => formatEnvironmentFile({ VALUE: value }),
      (error: unknown) =>
        error instanceof PanalError &&
        error.code === 'PANAL_TENANT_METADATA' &&
        /^VALUE /.test(error.message),
      JSON.stringify(value),
    )
  }
})
