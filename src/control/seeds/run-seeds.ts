import { basename, join } from 'node:path'
import { EXTENSIONS_SCHEMA, formatTarget, type System, serviceOf, type Target } from '../../model/index.ts'
import {
  type Connection,
  ident,
  literal,
  type ScriptResult,
  sql,
  withAdvisoryLock,
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
import { targetLock } from '../state/index.ts'

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
/** Whoever waits for the seeds of another run should be told for whom, in the end. */
const LOCK_TIMEOUT_MS = 300_000

/**
 * Runs the seed files of a target's service in the order of their names, all in one transaction, as
 * the owner of the schema and with `search_path = <schema>, extensions`: a target is seeded or it is
 * not, and what one file makes for the next (a helper function, say) never stays behind half way. Files
 * read the settings `panal.scale` and `panal.tenant` (the slug; empty where the service has no
 * tenants). They are run anew each time, so they must bear that; nothing is recorded.
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
  if (files.length === 0) return []
  onProgress({ kind: 'begin', label: `seed ${formatTarget(target)}`, total: files.length })
  const lock = { timeoutMs: LOCK_TIMEOUT_MS, subject: `target ${formatTarget(target)}` }
  const limits = signal === undefined ? {} : { signal }
  // Of two runs at once neither sees the rows of the other, and what each inserts unless it is there would come twice.
  const seeded = await withAdvisoryLock(connection, targetLock(target.schema), { ...lock, ...limits }, () =>
    withRetries(() => seedOnce(connection, target, files, scale, onProgress, signal), {
      deadlineMs: DEADLINE_MS,
      ...limits,
    }),
  )
  onProgress({ kind: 'end' })
  return seeded
}

async function seedOnce(
  connection: Connection,
  target: Target,
  files: readonly SeedFile[],
  scale: number,
  onProgress: ProgressListener,
  signal: AbortSignal | undefined,
): Promise<readonly SeededFile[]> {
  const done: SeededFile[] = []
  try {
    await connection.script(beginScript(target, scale))
    for (const file of files) {
      signal?.throwIfAborted()
      done.push(await runSeed(connection, target, file))
      onProgress({ kind: 'advance', done: done.length, failed: 0 })
    }
    await connection.script('COMMIT')
    return done
  } catch (error) {
    if (!connection.lost && !connection.closed) await connection.script('ROLLBACK')
    throw error
  }
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

async function runSeed(connection: Connection, target: Target, file: SeedFile): Promise<SeededFile> {
  const began = performance.now()
  try {
    const results = await connection.script(file.text)
    return {
      target: formatTarget(target),
      file: basename(file.path),
      rows: insertedRows(results),
      durationMs: performance.now() - began,
    }
  } catch (error) {
    throw await fileError(error, sentSeed(target, file), { codePoints: 0, statements: 0 })
  }
}

/** Role and search_path come last and hold until COMMIT, as for migrations. */
function beginScript(target: Target, scale: number): string {
  return [
    sql`BEGIN`,
    sql`SET LOCAL panal.scale = ${literal(`${scale}`)}`,
    sql`SET LOCAL panal.tenant = ${literal(target.tenant ?? '')}`,
    sql`SET LOCAL ROLE ${ident(target.owner)}`,
    sql`SET LOCAL search_path = ${ident(target.schema)}, ${ident(EXTENSIONS_SCHEMA)}`,
  ]
    .map(({ statement }) => statement)
    .join(';\n')
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
