import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PanalError } from '../../model/index.ts'
import { checkMetadata } from './metadata-problems.ts'
import { webVariables } from './tenant-env.ts'

test('good metadata pass, also with keys of the user’s own', () => {
  checkMetadata({})
  checkMetadata({
    allowedOrigins: ['https://shop.example', 'http://localhost:3000'],
    frontendUrl: 'https://shop.example/tienda',
    environment: 'production',
    plan: 'gold',
  })
})

test('every bad value is named at once', () => {
  assert.throws(
    () =>
      checkMetadata({
        allowedOrigins: ['https://shop.example/', 'shop.example', '*', 'ftp://x', 'https://a,https://b'],
        frontendUrl: "javascript:alert('x')",
        environment: 'prod\nSECRET_KEY=x',
      }),
    (error: unknown) => {
      assert.ok(error instanceof PanalError && error.code === 'PANAL_TENANT_METADATA')
      assert.equal(error.details.length, 7, error.details.join('\n'))
      assert.match(error.details[0]!, /write it as https:\/\/shop\.example$/)
      return true
    },
  )
})

test('a local frontend is the default of development only', () => {
  assert.deepEqual(webVariables({}, 'development'), {
    ALLOWED_ORIGINS: 'http://localhost:3000',
    FRONTEND_URL: 'http://localhost:3000',
    ENVIRONMENT: 'development',
  })
  assert.deepEqual(webVariables({}, 'production'), {
    ALLOWED_ORIGINS: '',
    FRONTEND_URL: '',
    ENVIRONMENT: 'production',
  })
  assert.deepEqual(webVariables({ environment: 'production' }, 'development').FRONTEND_URL, '')
  assert.deepEqual(
    webVariables({ frontendUrl: 'https://shop.example/tienda', environment: 'staging' }, 'development'),
    {
      ALLOWED_ORIGINS: 'https://shop.example',
      FRONTEND_URL: 'https://shop.example/tienda',
      ENVIRONMENT: 'staging',
    },
  )
  assert.equal(
    webVariables({ allowedOrigins: ['https://a.example', 'https://b.example'] }, 'production')
      .ALLOWED_ORIGINS,
    'https://a.example,https://b.example',
  )
})
