import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PanalError } from '../model/index.ts'
import { connectionTarget, formatServer } from './connection-target.ts'
import {
  databaseOfUrl,
  formatConnectionUrl,
  redactUrl,
  withCredentials,
  withDatabase,
} from './connection-url.ts'
import { type ConnectionUrl, parseConnectionUrl, sslModes } from './parse-connection-url.ts'

test('every part is read and percent-decoded', () => {
  const url =
    'postgresql://us%40er:p%2F%2B%3D%40%3A%25@db.example:6543/my%20db?sslmode=verify-full&sslrootcert=/a%20b.pem'
  assert.deepEqual(parseConnectionUrl(url), {
    user: 'us@er',
    password: 'p/+=@:%',
    host: 'db.example',
    port: 6543,
    database: 'my db',
    sslMode: 'verify-full',
    parameters: { sslrootcert: '/a b.pem' },
  })
})

test('a raw @ : + = in the password is understood', () => {
  const { user, password, host } = parseConnectionUrl('postgres://u:a@b:c+d=@h/db')
  assert.deepEqual([user, password, host], ['u', 'a@b:c+d=', 'h'])
})

test('sockets, IPv6 and URLs that leave everything out', () => {
  assert.equal(parseConnectionUrl('postgres:///db?host=/var/run&port=5433').host, '/var/run')
  assert.equal(parseConnectionUrl('postgres://%2Fvar%2Frun:5433/db').host, '/var/run')
  assert.equal(formatServer(connectionTarget('postgres://u@/db?host=/var/run')), '/var/run/.s.PGSQL.5432')
  assert.equal(formatServer(connectionTarget('postgres://u@[::1]:1/db')), '[::1]:1')
  assert.deepEqual(parseConnectionUrl('postgres://'), { parameters: {} })
  assert.equal(databaseOfUrl('postgres://ana@h'), 'ana')
})

test('a local server is not asked for TLS, a remote one is where it can', () => {
  const modeOf = (url: string) => connectionTarget(url).sslMode
  assert.equal(modeOf('postgres://u@localhost/d'), 'disable')
  assert.equal(modeOf('postgres://u@127.0.0.1/d'), 'disable')
  assert.equal(modeOf('postgres://u@localhost/d?sslmode=require'), 'require')
  assert.equal(modeOf('postgres://u@db.example/d'), 'prefer')
  assert.equal(modeOf('postgres://u@/d?host=/tmp&sslmode=require'), 'disable')
})

test('a bad URL is refused and never quoted: any part may be the password', () => {
  const bad = [
    'mysql://u:hidden@h/d',
    'hidden',
    'postgres://u:hid/den@h/d',
    'postgres://u:hid?den@h/d',
    'postgres://u:%hidden@h/d',
    'postgres://u:%00hidden@h/d',
    'postgres://u:x@h:hidden/d',
    'postgres://u:x@h:0/d',
    'postgres://u:x@h:70000/d',
    'postgres://u:x@h1:1,hidden:2/d',
    'postgres://u:x@h1,hidden/d',
    'postgres://u:x@[::1/d',
    'postgres://u:x@h/d?sslmode=hidden',
    'postgres://u:x@h/d?sslmod=hidden',
  ]
  for (const url of bad) {
    assert.throws(
      () => parseConnectionUrl(url),
      (error) =>
        error instanceof PanalError && error.code === 'PANAL_URL_INVALID' && !/hid|den/.test(error.message),
      url,
    )
    assert.equal(redactUrl(url), 'postgres://…')
  }
})

test('parts are replaced, the rest stays', () => {
  const url = 'postgres://admin:x@h:1/d?sslmode=require&application_name=a'
  assert.equal(withDatabase(url, 'a/b'), 'postgres://admin:x@h:1/a%2Fb?application_name=a&sslmode=require')
  assert.equal(
    withCredentials(url, 'v', 'p@:'),
    'postgres://v:p%40%3A@h:1/d?application_name=a&sslmode=require',
  )
})

test('people see no password', () => {
  assert.equal(redactUrl('postgres://u:secret@h/d'), 'postgres://u:…@h/d')
  assert.equal(redactUrl('postgres://u@h/d?password=secret'), 'postgres://u:…@h/d')
})

test('what is formatted is read back the same', () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('\0'))
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
  const urls = fc
    .record({
      user: optional(text),
      password: optional(text),
      host: optional(
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6(),
          text.map((name) => `/${name.replaceAll(',', '')}`),
        ),
      ),
      port: optional(fc.integer({ min: 1, max: 65_535 })),
      database: optional(text),
      sslMode: optional(fc.constantFrom(...sslModes)),
      parameters: fc.dictionary(fc.constantFrom('options', 'sslkey'), text, { noNullPrototype: true }),
    })
    .map((url) => Object.fromEntries(Object.entries(url).filter(([, value]) => value !== undefined)) as never)
  fc.assert(
    fc.property(urls, (url: ConnectionUrl) => {
      assert.deepEqual(parseConnectionUrl(formatConnectionUrl(url)), url)
      assert.match(formatConnectionUrl(url), /^postgres:\/\/[\w.~!'()*%:@/?&=[\]-]*$/)
    }),
  )
})
