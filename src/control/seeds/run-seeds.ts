import { basename, join } from 'node:path'
import { EXTENSIONS_SCHEMA, formatTarget, type System, serviceOf, type Target } from '../../model/index.ts'
import {
  type Connection,
  codePointOffset,
  ident,
  literal,
  type ScriptResult,
  type Sql,
  sql,
  withRetries,
} from '../../postgres/index.ts'
import { type ProgressListener, silent } from '../context/index.ts'
import {
  checkSqlFile,
  fileError,
  normalizeText,
  readUtf8,
  type SentSql,
  sqlFilesIn,
} from '../migrate/index.ts'

export interface SeedOptions {
  /** How much to make, as the setting `panal.scale` of the files. A positive integer, default 1. */
  readonly scale?: number
  readonly onProgress?: ProgressListener
  /** Ends the run between two files by throwing its reason. */
  readonly signal?: AbortSignal
}

/** A seed file that ran. */
export interface SeededFile {
  /** `acc-lms/courses`. */
  readonly target: string
  /** `001_catalogue.sql`. */
  readonly file: string
  /** Rows that its statements inserted. */
  readonly rows: number
  readonly durationMs: number
}

interface SeedFile {
  readonly path: string
  readonly text: string
}

/** How long a file goes on trying when others hold what it needs. */
const DEADLINE_MS = 60_000

/**
 * Runs the seed files of a target's service in the order of their names, each in a transaction of its
 * own, as the owner of the schema and with `search_path = <schema>, extensions`. Files read the
 * settings `panal.scale` and `panal.tenant` (the slug; empty where the service has no tenants). They
 * are run anew each time, so they must bear that; nothing is recorded.
 *
 * @param connection acts as the control role
 * @throws PANAL_MIGRATION_UNREADABLE, PANAL_MIGRATION_SYNTAX, PANAL_MIGRATION_REFUSED before anything runs
 * @throws PANAL_SEED_FAILED, PANAL_LOCK_TIMEOUT with the place in the file
 */
export async function runSeeds(
  connection: Connection,
  system: System,
  target: Target,
  { scale = 1, onProgress = silent, signal }: SeedOptions = {},
): Promise<readonly SeededFile[]> {
  const files = await readSeeds(serviceOf(system, target.service).seedsFolder)
  const done: SeededFile[] = []
  if (files.length > 0)
    onProgress({ kind: 'begin', label: `seed ${formatTarget(target)}`, total: files.length })
  for (const file of files) {
    signal?.throwIfAborted()
    done.push(await runSeed(connection, target, file, scale, signal))
    onProgress({ kind: 'advance', done: done.length, failed: 0 })
  }
  if (files.length > 0) onProgress({ kind: 'end' })
  return done
}

async function readSeeds(folder: string): Promise<readonly SeedFile[]> {
  const files: SeedFile[] = []
  for (const name of sqlFilesIn(folder)) {
    const path = join(folder, name)
    const file = { path, text: normalizeText(readUtf8(path)) }
    await checkSqlFile(file)
    files.push(file)
  }
  return files
}

async function runSeed(
  connection: Connection,
  target: Target,
  file: SeedFile,
  scale: number,
  signal: AbortSignal | undefined,
): Promise<SeededFile> {
  const before = statementsBefore(target, scale)
  const prefix = `${before.map(({ statement }) => statement).join(';\n')};\n`
  const began = performance.now()
  try {
    const results = await withRetries(() => send(connection, `${prefix}${file.text};COMMIT`), {
      deadlineMs: DEADLINE_MS,
      ...(signal === undefined ? {} : { signal }),
    })
    const durationMs = performance.now() - began
    return {
      target: formatTarget(target),
      file: basename(file.path),
      rows: insertedRows(results),
      durationMs,
    }
  } catch (error) {
    const sent = { codePoints: codePointOffset(prefix, prefix.length), statements: before.length }
    throw await fileError(error, sentSeed(target, file), sent)
  }
}

/** Role and search_path come last and hold until COMMIT, as for migrations. */
function statementsBefore(target: Target, scale: number): readonly Sql[] {
  return [
    sql`BEGIN`,
    sql`SET LOCAL panal.scale = ${literal(`${scale}`)}`,
    sql`SET LOCAL panal.tenant = ${literal(target.tenant ?? '')}`,
    sql`SET LOCAL ROLE ${ident(target.owner)}`,
    sql`SET LOCAL search_path = ${ident(target.schema)}, ${ident(EXTENSIONS_SCHEMA)}`,
  ]
}

/** A message that failed leaves its transaction open and aborted. */
async function send(connection: Connection, script: string): Promise<readonly ScriptResult[]> {
  try {
    return await connection.script(script)
  } catch (error) {
    if (!connection.lost && !connection.closed) await connection.script('ROLLBACK')
    throw error
  }
}

function insertedRows(results: readonly ScriptResult[]): number {
  return results.reduce((sum, { command, rowCount }) => sum + (command === 'INSERT' ? (rowCount ?? 0) : 0), 0)
}

function sentSeed(target: Target, { path, text }: SeedFile): SentSql {
  const section = { sql: text, firstLine: 1, transaction: true }
  return {
    path,
    text,
    section,
    subject: `${basename(path)} on ${formatTarget(target)}`,
    code: 'PANAL_SEED_FAILED',
  }
}
