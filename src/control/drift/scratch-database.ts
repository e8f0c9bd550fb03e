import { randomBytes } from 'node:crypto'
import { CONTROL_ROLE } from '../../model/index.ts'
import { type Connection, ident, lockKey, sql, sqlStateOf, withAdvisoryLock } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { Databases } from '../databases/index.ts'

/** Scratch databases are made one at a time: two would build the same shapes. */
const SCRATCH_LOCK = lockKey('panal', 'scratch')
const LOCK_TIMEOUT_MS = 300_000
const PREFIX = 'panal_scratch_'
/** Another session is connected: somebody works in it. */
const IN_USE = '55006'

/** A database beside a managed one, on the same server, that nobody else sees. */
export interface ScratchDatabase {
  /** Its name, and the key under which `databases` opens it. */
  readonly name: string
  readonly databases: Databases
}

/**
 * Makes an empty database on the server of a managed one, lets work have it and drops it. What a killed run
 * left behind goes with the next one.
 *
 * @param registry the control database, whose lock is held meanwhile
 * @throws PANAL_LOCK_TIMEOUT
 */
export async function withScratchDatabase<Result>(
  context: Pick<ControlContext, 'config' | 'databases' | 'signal'>,
  registry: Connection,
  beside: string,
  work: (scratch: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: 'scratch databases', signal: context.signal }
  return await withAdvisoryLock(registry, SCRATCH_LOCK, lock, async () => {
    await using server = await context.databases.open(beside)
    await dropLeftovers(server)
    const name = `${PREFIX}${randomBytes(6).toString('hex')}`
    // template0: template1 may hold anything, and a session in it is in the way.
    await server.script(sql`CREATE DATABASE ${ident(name)} TEMPLATE template0`.statement)
    try {
      await server.script(sql`REVOKE ALL ON DATABASE ${ident(name)} FROM PUBLIC`.statement)
      return await work({ name, databases: databasesOf(context, beside) })
    } finally {
      await dropDatabase(server, name)
    }
  })
}

/** Finds every key on the server of the managed database. */
function databasesOf(
  { config, databases }: Pick<ControlContext, 'config' | 'databases'>,
  beside: string,
): Databases {
  return new Databases({ ...config, databases: new Map(), controlUrl: null }, databases.place(beside).url)
}

async function dropLeftovers(server: Connection): Promise<void> {
  const left = await server.query<{ name: string }>(sql /* SQL */`
    SELECT datname AS name FROM pg_database
    WHERE starts_with(datname, ${PREFIX}) AND pg_get_userbyid(datdba) = ${CONTROL_ROLE}`)
  for (const { name } of left) await dropDatabase(server, name)
}

/** Leaves one in which somebody works: of another control database on the same server. */
async function dropDatabase(server: Connection, name: string): Promise<void> {
  try {
    await server.script(sql`DROP DATABASE IF EXISTS ${ident(name)}`.statement)
  } catch (error) {
    if (sqlStateOf(error) !== IN_USE) throw error
  }
}
