import { CONTROL_ROLE, type Config } from '../../model/index.ts'
import {
  type Connection,
  type ConnectionOptions,
  databaseOfUrl,
  ident,
  lockKey,
  openConnection,
  sql,
  sqlStateOf,
  withAdvisoryLock,
  withDatabase,
} from '../../postgres/index.ts'
import { checkAdmission } from './admission.ts'

/** The name of the control database on the default server, unless the config gives a URL. */
export const CONTROL_DATABASE = 'panal'

/** One PostgreSQL database: where it is, and what it is called there. */
export interface DatabasePlace {
  /** The key of the config, as targets carry it; `control` for the registry's own. */
  readonly key: string
  readonly name: string
  /** An operator's URL of this very database. */
  readonly url: string
  /** An operator's URL of a database that stands on the same server, to create this one from. */
  readonly maintenanceUrl: string
  /** Whether the config names it, so that it may exist before Panal and belong to others. */
  readonly configured: boolean
}

/** Finds and opens the databases of one environment. A key that the config does not list is a database of that name on the default server. */
export class Databases {
  readonly #config: Config
  readonly #defaultUrl: string

  /** @param defaultUrl an operator's URL of the default server: the config's, or the embedded PostgreSQL's */
  constructor(config: Config, defaultUrl: string) {
    this.#config = config
    this.#defaultUrl = defaultUrl
  }

  get defaultUrl(): string {
    return this.#defaultUrl
  }

  place(key: string): DatabasePlace {
    const configured = key === 'default' ? this.#defaultUrl : (this.#config.databases.get(key) ?? null)
    const url = configured ?? withDatabase(this.#defaultUrl, key)
    return {
      key,
      name: databaseOfUrl(url),
      url,
      maintenanceUrl: configured ?? this.#defaultUrl,
      configured: configured !== null,
    }
  }

  get control(): DatabasePlace {
    const given = this.#config.controlUrl
    const url = given ?? withDatabase(this.#defaultUrl, CONTROL_DATABASE)
    return {
      key: 'control',
      name: databaseOfUrl(url),
      url,
      maintenanceUrl: given ?? this.#defaultUrl,
      configured: given !== null,
    }
  }

  /** Opens a database as the control role: what is made there belongs to it and not to a person. */
  open(key: string, options: ConnectionOptions = {}): Promise<Connection> {
    return openAsControl(this.place(key), options)
  }

  openControl(options: ConnectionOptions = {}): Promise<Connection> {
    return openAsControl(this.control, options)
  }
}

/** What the server answers to a login that may not connect to a database. */
const INSUFFICIENT_PRIVILEGE = '42501'

/** Two commands of one operator must not change the row of one database at the same moment. */
const ADMISSION_LOCK = lockKey('panal', 'admission')
const ADMISSION_TIMEOUT_MS = 30_000

/**
 * An operator may become the control role but inherits nothing from it, CONNECT included, and no
 * database of Panal's is open to PUBLIC. Whom the control role trusts it lets in, the first time.
 */
async function openAsControl(place: DatabasePlace, options: ConnectionOptions): Promise<Connection> {
  try {
    return await openConnection(place.url, { role: CONTROL_ROLE, ...options })
  } catch (error) {
    if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error
    await admitOperator(place)
    return await openConnection(place.url, { role: CONTROL_ROLE, ...options })
  }
}

/** @throws PANAL_NOT_AN_OPERATOR when he is none, and nothing can be granted */
async function admitOperator(place: DatabasePlace): Promise<void> {
  await using connection = await openConnection(place.maintenanceUrl)
  await checkAdmission(connection)
  const grant = sql`GRANT CONNECT ON DATABASE ${ident(place.name)} TO ${ident(connection.user)}`
  const lock = { timeoutMs: ADMISSION_TIMEOUT_MS, subject: `the admission to database ${place.name}` }
  await withAdvisoryLock(connection, ADMISSION_LOCK, lock, async () => {
    const [row] = await connection.query<{ admitted: boolean; ours: boolean }>(sql /* SQL */`
      SELECT has_database_privilege(session_user, oid, 'CONNECT') AS admitted,
        pg_get_userbyid(datdba) = ${CONTROL_ROLE} AS ours
      FROM pg_database WHERE datname = ${place.name}`)
    // A database that the control role does not own is its owner's to open.
    if (row === undefined || row.admitted || !row.ours) return
    await connection.script(
      `BEGIN; SET LOCAL ROLE ${ident(CONTROL_ROLE).statement}; ${grant.statement}; COMMIT`,
    )
  })
}
