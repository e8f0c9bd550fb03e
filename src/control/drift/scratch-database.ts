import { PanalError } from '../../model/index.ts'
import {
  type Connection,
  ident,
  lockKey,
  type Sql,
  sql,
  sqlStateOf,
  withAdvisoryLock,
} from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { Databases } from '../databases/index.ts'
import { withOperatorRights } from './operator-rights.ts'

/** One on each server: whoever works in it holds a lock that lives in it. */
const SCRATCH_DATABASE = 'panal_scratch'
const SCRATCH_LOCK = lockKey('panal', 'scratch')
const LOCK_TIMEOUT_MS = 300_000
/** What CREATE DATABASE answers when another session was faster. */
const MADE_MEANWHILE: ReadonlySet<string | undefined> = new Set(['42P04', '23505'])

/** A database beside a managed one, on the same server, closed to everybody. */
export interface ScratchDatabase {
  /** Its name, and the key under which `databases` opens it. */
  readonly name: string
  readonly databases: Databases
}

/**
 * Lets work have an empty database on the server of a managed one, and empties it again. It stays: DROP DATABASE makes
 * the server write a checkpoint and wait for it, and so for every file of the tenants made since the last one.
 * What a killed run left in it goes with the next one.
 *
 * @param beside the key of the managed database
 * @throws PANAL_LOCK_TIMEOUT
 */
export async function withScratchDatabase<Result>(
  context: Pick<ControlContext, 'config' | 'databases' | 'signal'>,
  beside: string,
  work: (scratch: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  const databases = databasesOf(context, beside)
  await using connection = await openScratch(context, beside, databases)
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: `database ${SCRATCH_DATABASE}`, signal: context.signal }
  return await withAdvisoryLock(connection, SCRATCH_LOCK, lock, async () => {
    await empty(connection)
    try {
      return await work({ name: SCRATCH_DATABASE, databases })
    } finally {
      await empty(connection)
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

async function openScratch(
  context: Pick<ControlContext, 'databases'>,
  beside: string,
  databases: Databases,
): Promise<Connection> {
  try {
    return await databases.open(SCRATCH_DATABASE)
  } catch (error) {
    if (!(error instanceof PanalError) || error.code !== 'PANAL_DATABASE_MISSING') throw error
  }
  await using server = await context.databases.open(beside)
  const name = ident(SCRATCH_DATABASE)
  try {
    // template0: template1 may hold anything, and a session in it is in the way.
    await server.script(sql`CREATE DATABASE ${name} TEMPLATE template0`.statement)
  } catch (error) {
    if (!MADE_MEANWHILE.has(sqlStateOf(error))) throw error
  }
  await server.script(sql`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`.statement)
  return await databases.open(SCRATCH_DATABASE)
}

/** One statement each: a schema of many tables takes many locks. */
async function empty(connection: Connection): Promise<void> {
  const extensions = await namesOf(
    connection,
    sql /* SQL */`SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid DESC`,
  )
  for (const name of extensions) {
    await withOperatorRights(connection, sql`DROP EXTENSION IF EXISTS ${ident(name)} CASCADE`)
  }
  const schemas = await namesOf(
    connection,
    sql /* SQL */`SELECT nspname AS name FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') ORDER BY oid DESC`,
  )
  for (const name of schemas) {
    await connection.script(sql`DROP SCHEMA IF EXISTS ${ident(name)} CASCADE`.statement)
  }
}

async function namesOf(connection: Connection, query: Sql): Promise<readonly string[]> {
  return (await connection.query<{ name: string }>(query)).map(({ name }) => name)
}
