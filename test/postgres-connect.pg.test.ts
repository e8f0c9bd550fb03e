import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type ErrorCode, PanalError } from '../src/model/index.ts'
import {
  type ConnectionOptions,
  literal,
  openConnection,
  scramVerifier,
  sql,
  withCredentials,
  withDatabase,
} from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

/** What every failure owes the person: the code, exit 3, where it happened, a remedy, and no password. */
async function refused(
  url: string,
  code: ErrorCode,
  says: RegExp,
  options: ConnectionOptions = {},
): Promise<void> {
  const error = await openConnection(url, options).then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(error instanceof PanalError, `a PanalError, not ${String(error)}`)
  assert.deepEqual([error.code, error.exitCode], [code, 3], error.message)
  assert.match(error.message, says)
  assert.ok(error.remedy.length > 10)
  assert.ok(!`${error.message}${error.remedy}`.includes('hidden'))
}

/** A server that is no PostgreSQL: does with each socket what it is told. */
async function listen(treat: (socket: Socket) => void): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    treat(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `postgres://ana:hidden@127.0.0.1:${(server.address() as AddressInfo).port}/shop`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test('nobody listens, no such host, no such socket', async () => {
  await using server = await listen(() => undefined)
  const { url } = server
  await server[Symbol.asyncDispose]()
  await refused(
    url,
    'PANAL_DATABASE_UNREACHABLE',
    /database "shop" as user "ana" at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  )
  await refused(
    'postgres://ana:hidden@no-such-host.invalid/shop',
    'PANAL_DATABASE_UNREACHABLE',
    /no-such-host\.invalid:5432/,
  )
  await refused(
    'postgres://ana:hidden@/shop?host=/no/such',
    'PANAL_DATABASE_UNREACHABLE',
    /\/no\/such\/\.s\.PGSQL\.5432/,
  )
})

test('somebody listens who says nothing, hangs up, or speaks another protocol', async () => {
  await using silent = await listen(() => undefined)
  await refused(silent.url, 'PANAL_DATABASE_UNREACHABLE', /no answer within 150 ms/, {
    connectTimeoutMs: 150,
  })
  await refused(`${silent.url}?sslmode=require`, 'PANAL_DATABASE_UNREACHABLE', /within 150 ms/, {
    connectTimeoutMs: 150,
  })
  await using rude = await listen((socket) => socket.end())
  await refused(rude.url, 'PANAL_DATABASE_UNREACHABLE', /shop/)
  await using web = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await refused(web.url, 'PANAL_DATABASE_UNREACHABLE', /shop/, { connectTimeoutMs: 2_000 })
})

test('a server older than 15 is refused by its version', async () => {
  await using server = await startTestServer13()
  await refused(server.url, 'PANAL_SERVER_TOO_OLD', /PostgreSQL 13\.\d+.*15.*18/)
})

for (const major of [18, 15] as const) {
  describe(`connecting to PostgreSQL ${major}`, () => {
    let server: TestServer
    const run = async (...statements: string[]): Promise<void> => {
      await using admin = await openConnection(server.superuserUrl)
      for (const statement of statements) await admin.script(statement)
    }

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser', settings: { max_connections: '10' } })
    })
    after(async () => {
      await server?.[Symbol.asyncDispose]()
    })

    test('a wrong password, none, an unknown user, and a role that may not log in', async () => {
      await refused(
        withCredentials(server.url, 'postgres', 'hidden'),
        'PANAL_AUTHENTICATION_FAILED',
        /user "postgres"/,
      )
      const withoutPassword = server.url.replace(/:[^:@/]+@/, '@')
      await refused(
        withoutPassword,
        'PANAL_AUTHENTICATION_FAILED',
        /asks for a password and the connection URL has none/,
      )
      await refused(
        withCredentials(server.url, 'nobody', 'hidden'),
        'PANAL_AUTHENTICATION_FAILED',
        /user "nobody"/,
      )
      await run(`CREATE ROLE locked NOLOGIN PASSWORD ${literal(await scramVerifier('hidden')).text}`)
      await refused(
        withCredentials(server.url, 'locked', 'hidden'),
        'PANAL_AUTHENTICATION_FAILED',
        /"locked"/,
      )
    })

    test('a password of the environment is not taken for the URL’s', async () => {
      process.env.PGPASSWORD = decodeURIComponent(new URL(server.url).password)
      try {
        await refused(server.url.replace(/:[^:@/]+@/, '@'), 'PANAL_AUTHENTICATION_FAILED', /has none/)
      } finally {
        delete process.env.PGPASSWORD
      }
    })

    test('a database that does not exist, is closed, or is not for this user', async () => {
      await refused(withDatabase(server.url, 'nowhere'), 'PANAL_DATABASE_MISSING', /database "nowhere"/)
      await run(
        'CREATE DATABASE shut ALLOW_CONNECTIONS false',
        'CREATE DATABASE private',
        'REVOKE CONNECT ON DATABASE private FROM PUBLIC',
      )
      await refused(withDatabase(server.url, 'shut'), 'PANAL_CONNECT_REFUSED', /55000/)
      await run(`CREATE ROLE outsider LOGIN PASSWORD ${literal(await scramVerifier('hidden')).text}`)
      const outsider = withCredentials(withDatabase(server.url, 'private'), 'outsider', 'hidden')
      await refused(outsider, 'PANAL_CONNECT_REFUSED', /42501/)
    })

    test('a role that the user may not take, or that does not exist', async () => {
      await run(`CREATE ROLE modest LOGIN PASSWORD ${literal(await scramVerifier('hidden')).text}`)
      const modest = withCredentials(server.url, 'modest', 'hidden')
      await refused(modest, 'PANAL_CONNECT_REFUSED', /42501/, { role: 'postgres' })
      await refused(modest, 'PANAL_CONNECT_REFUSED', /22023/, { role: 'no_such_role' })
    })

    test('no connection left, of a role or of the server', async () => {
      await run(
        `CREATE ROLE single LOGIN CONNECTION LIMIT 1 PASSWORD ${literal(await scramVerifier('hidden')).text}`,
      )
      const single = withCredentials(server.url, 'single', 'hidden')
      await using first = await openConnection(single)
      await refused(single, 'PANAL_TOO_MANY_CONNECTIONS', /"single"/)
      await using all = new AsyncDisposableStack()
      const fill = async (): Promise<never> => {
        for (;;) all.use(await openConnection(server.superuserUrl))
      }
      await assert.rejects(
        fill(),
        (error) => error instanceof PanalError && error.code === 'PANAL_TOO_MANY_CONNECTIONS',
      )
      assert.equal(first.lost, false)
    })

    test('a server that is shutting down', async () => {
      await using working = await openConnection(server.superuserUrl)
      // A "smart" shutdown waits for this session and turns others away.
      const [row] = await working.query<{ data_directory: string }>(sql`SHOW data_directory`)
      await working.script(
        `COPY (SELECT) TO PROGRAM ${literal(`kill -TERM $(head -1 '${row?.data_directory}/postmaster.pid')`).text}`,
      )
      const deadline = Date.now() + 5_000
      for (;;) {
        const error = await openConnection(server.superuserUrl).then(
          (connection) => connection.close(),
          (error: unknown) => error,
        )
        if (error instanceof PanalError && error.code === 'PANAL_SERVER_STARTING') break
        assert.ok(error === undefined && Date.now() < deadline, String(error))
      }
      await working.close()
      await server.restart()
    })

    test('SCRAM verifiers made here log in, with any printable password', async () => {
      for (const [index, password] of ['simple', ' /+=@:%?#&\'"\\ ', 'x'.repeat(200)].entries()) {
        const verifier = await scramVerifier(password, index === 0 ? { iterations: 10_000 } : {})
        await run(`CREATE ROLE s${index} LOGIN PASSWORD ${literal(verifier).text}`)
        await using connection = await openConnection(withCredentials(server.url, `s${index}`, password))
        assert.equal(connection.user, `s${index}`)
        await using admin = await openConnection(server.superuserUrl)
        const [stored] = await admin.query<{ rolpassword: string }>(
          sql /* SQL */`SELECT rolpassword FROM pg_authid WHERE rolname = ${`s${index}`}`,
        )
        assert.equal(stored?.rolpassword, verifier)
      }
    })
  })
}

function startTestServer13(): Promise<TestServer> {
  return startTestServer({ major: 13, admin: 'superuser' })
}
