import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseUrl } from './database-url.ts'

test('an application gets the place of the operator, and nothing else of his', () => {
  const operator =
    'postgres://admin:geheim@db.example/bo_tech?sslmode=verify-full&sslrootcert=/etc/ca.pem' +
    '&sslcert=/root/op.crt&sslkey=/root/op.key&application_name=ops&options=-crole%3Dx'
  assert.equal(
    databaseUrl(operator, 'user_acme', 'p'),
    'postgresql://user_acme:p@db.example:5432/bo_tech?sslrootcert=/etc/ca.pem&sslmode=verify-full',
  )
})

test('login and password are percent-encoded, an IPv6 host keeps its brackets', () => {
  assert.equal(
    databaseUrl('postgresql://a:b@[::1]:5433/d', 'user/ñ', 'a/b+c=@:%'),
    'postgresql://user%2F%C3%B1:a%2Fb%2Bc%3D%40%3A%25@[::1]:5433/d',
  )
})

test('what the URL leaves out is said, so that it means the same elsewhere', () => {
  assert.equal(
    databaseUrl('postgres://admin:x@localhost', 'app', 'p'),
    'postgresql://app:p@localhost:5432/admin',
    'no sslmode where none is configured',
  )
  assert.equal(
    databaseUrl('postgres://admin@/d?host=/run/pg', 'app', 'p'),
    'postgresql://app:p@:5432/d?host=/run/pg',
  )
})
