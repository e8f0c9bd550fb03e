import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { chown, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PanalError } from '../src/model/index.ts'
import { type Connection, isServerError, openConnection, sql } from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'
import { type TemporaryFolder, temporaryFolder } from './harness/temporary-folder.ts'

const refusesTls = (error: unknown) => error instanceof PanalError && error.code === 'PANAL_TLS_REFUSED'

for (const major of [18, 15] as const) {
  describe(`TLS with PostgreSQL ${major}`, () => {
    let server: TestServer
    let folder: TemporaryFolder
    const url = (parameters: string, host = 'localhost') =>
      `${server.url.replace('127.0.0.1', host)}?${parameters}`
    const isEncrypted = async (connection: Connection): Promise<unknown> => {
      const [row] = await connection.query(sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`)
      return row?.ssl
    }
    const encryptedBy = async (parameters: string, host?: string): Promise<unknown> => {
      await using connection = await openConnection(url(parameters, host))
      return await isEncrypted(connection)
    }

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      folder = await temporaryFolder()
    })
    after(async () => {
      await folder?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    test('a server without TLS: prefer goes without, require refuses', async () => {
      assert.equal(await encryptedBy('sslmode=prefer'), false)
      assert.equal(await encryptedBy('sslmode=disable'), false)
      for (const mode of ['require', 'verify-ca', 'verify-full']) {
        await assert.rejects(openConnection(url(`sslmode=${mode}`)), refusesTls, mode)
      }
    })

    test('a server with TLS: each mode checks what it says', async () => {
      const certificate = await turnTlsOn(server)
      const ca = join(folder.path, 'ca.pem')
      await writeFile(ca, certificate)
      assert.equal(await encryptedBy('sslmode=disable'), false)
      for (const mode of ['prefer', 'require']) assert.equal(await encryptedBy(`sslmode=${mode}`), true, mode)
      for (const mode of ['verify-ca', 'verify-full']) {
        await assert.rejects(
          openConnection(url(`sslmode=${mode}`)),
          refusesTls,
          `${mode} of an unknown authority`,
        )
        assert.equal(await encryptedBy(`sslmode=${mode}&sslrootcert=${ca}`), true, mode)
      }
      // The certificate names localhost only.
      assert.equal(await encryptedBy(`sslmode=verify-ca&sslrootcert=${ca}`, '127.0.0.1'), true)
      assert.equal(await encryptedBy(`sslmode=require&sslrootcert=${ca}`, '127.0.0.1'), true)
      await assert.rejects(
        openConnection(url(`sslmode=verify-full&sslrootcert=${ca}`, '127.0.0.1')),
        refusesTls,
      )
      await assert.rejects(openConnection(url('sslmode=verify-full&sslrootcert=/no/such.pem')), refusesTls)
    })

    test('a password login bound to the TLS channel', async () => {
      assert.equal(await encryptedBy('sslmode=require&channel_binding=require'), true)
      await assert.rejects(openConnection(url('sslmode=disable&channel_binding=require')), refusesTls)
    })

    test('a running statement is cancelled over TLS', async () => {
      await using connection = await openConnection(url('sslmode=require'))
      const running = assert.rejects(
        connection.query(sql`SELECT pg_sleep(30)`),
        (error) => isServerError(error) && error.code === '57014',
      )
      await sleep(100)
      await connection.cancel()
      await running
    })

    test('where pg_hba.conf admits one kind only, prefer finds it', async () => {
      await admitOnly(server, 'hostnossl')
      assert.equal(await encryptedBy('sslmode=prefer'), false)
      await assert.rejects(openConnection(url('sslmode=require')), (error) => {
        return error instanceof PanalError && error.code === 'PANAL_AUTHENTICATION_FAILED'
      })
    })
  })
}

/** Gives the server a certificate for localhost, and turns TLS on. */
async function turnTlsOn(server: TestServer): Promise<string> {
  const { key, certificate } = selfSignedCertificate()
  const { uid, gid } = await stat(server.dataDir)
  for (const [name, text] of [
    ['server.key', key],
    ['server.crt', certificate],
  ] as const) {
    const file = join(server.dataDir, name)
    await writeFile(file, text, { mode: 0o600 })
    await chown(file, uid, gid)
  }
  await using admin = await openConnection(server.superuserUrl)
  await admin.script('ALTER SYSTEM SET ssl = on')
  await server.restart()
  return certificate
}

/** Replaces pg_hba.conf: connections of one kind only. */
async function admitOnly(server: TestServer, kind: 'hostssl' | 'hostnossl'): Promise<void> {
  const file = join(server.dataDir, 'pg_hba.conf')
  const before = await readFile(file, 'utf8')
  await writeFile(file, before.replace(/^host\s/gm, `${kind} `))
  await server.restart()
}

/** A certificate for localhost that signs itself: Node makes keys, but no certificates (RFC 5280, DER by hand). */
function selfSignedCertificate(): { readonly key: string; readonly certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
  const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const commonName = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))))
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')))
  const alternativeName = sequence(oid('551d11'), der(0x04, sequence(der(0x82, Buffer.from('localhost')))))
  const isAuthority = sequence(
    oid('551d13'),
    der(0x01, Buffer.of(0xff)),
    der(0x04, sequence(der(0x01, Buffer.of(0xff)))),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    commonName,
    validity,
    commonName,
    publicKey,
    der(0xa3, sequence(alternativeName, isAuthority)),
  )
  const signature = sign('sha256', body, createPrivateKey(privateKey))
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.of(0), signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey,
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}

/** Tag, length, contents. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const short = content.length < 0x80
  const head = short ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}
