import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PanalError } from '../model/index.ts'
import { type Account, giveTo } from './account.ts'
import { type HomeLayout, temporaryPrefix } from './home-layout.ts'
import { program } from './install-binaries.ts'
import { publishFolder } from './publish-folder.ts'
import { runProgram } from './run-program.ts'
import { hasErrorCode } from './system-error.ts'

export const superuser = 'postgres'

export interface NewCluster {
  readonly layout: HomeLayout
  /** A folder that installBinaries gave. */
  readonly installed: string
  /** The major version of those binaries. */
  readonly major: number
  readonly account: Account | undefined
  /** Of the superuser. */
  readonly password: string
}

/**
 * Makes the data directory of a home where there is none: in a temporary folder, so that a failure
 * or a kill half way leaves nothing that looks like one.
 *
 * Text is UTF-8 whatever LANG says, and sorted and cased by PostgreSQL's own C.UTF-8, which no
 * upgrade of the system's libraries changes under an index (before 17, where the tests go, by C). Passwords are demanded on every
 * connection. initdb writes everything to the disk once, at its end (0.16 s of its 0.5 s): that is
 * kept, since `--no-sync` and a later `--sync-only` cost the same. Data checksums are PostgreSQL
 * 18's default.
 */
export async function initializeCluster(cluster: NewCluster): Promise<void> {
  const { layout, installed, account, password } = cluster
  const draft = join(layout.home, `${temporaryPrefix}${randomUUID()}`)
  const passwordFile = `${draft}-password`
  try {
    await mkdir(draft, { mode: 0o700 })
    await giveTo(account, draft)
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    await giveTo(account, passwordFile)
    await runProgram(
      program(installed, 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(cluster.major < 17 ? [] : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']),
      ],
      { account },
    )
    await publishFolder(draft, layout.dataDir)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(draft, { recursive: true, force: true })
  }
}

/**
 * The major version that a home's data directory belongs to; undefined where there is none yet.
 *
 * @throws PANAL_EMBEDDED_HOME for a folder of that name with something else in it
 */
export async function clusterMajor(layout: HomeLayout): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(layout.dataDir, 'PG_VERSION'), 'utf8'), 10)
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error
  }
  const files = await readdir(layout.dataDir).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return []
    throw error
  })
  if (files.length === 0) return undefined
  throw new PanalError(
    'PANAL_EMBEDDED_HOME',
    `${layout.dataDir} holds files, but no PostgreSQL data directory: its PG_VERSION is missing`,
    {
      remedy:
        'Put the data directory back from a backup, or move that folder away to begin with an empty server.',
    },
  )
}
