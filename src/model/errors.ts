/**
 * The registry of every error that Panal gives a person. A code is a promise: it is documented in
 * docs/reference/errors.md (a test compares both ways), it is never reused, and programs may
 * branch on it. `exitCode` is the command line's, `httpStatus` the API's.
 */
export interface ErrorEntry {
  /** 2: usage or bad input · 1: done, but something is wrong · 3: the database refuses · 130: interrupted. */
  readonly exitCode: 1 | 2 | 3 | 130
  readonly httpStatus: number
  /** What happened, in a sentence that fits every occurrence. */
  readonly meaning: string
  /** What to do about it. An occurrence may give a better one. */
  readonly remedy: string
}

const entry = (
  exitCode: ErrorEntry['exitCode'],
  httpStatus: number,
  meaning: string,
  remedy: string,
): ErrorEntry => Object.freeze({ exitCode, httpStatus, meaning, remedy })

export const errorRegistry = Object.freeze({
  PANAL_INTERNAL: entry(
    1,
    500,
    'Panal met a state it did not expect: a defect of Panal itself.',
    'Run it again with --json and report the output.',
  ),
  PANAL_INTERRUPTED: entry(
    130,
    409,
    'The command was interrupted; what was finished stays recorded.',
    'Run the same command again: it goes on from there.',
  ),
  PANAL_USAGE: entry(
    2,
    400,
    'The command line names a command or an option that does not exist, or misses one.',
    'See panal --help.',
  ),
  PANAL_CONFIRMATION_NEEDED: entry(
    2,
    409,
    'The operation takes something away and nobody confirmed it.',
    'Look at panal plan, then add --yes.',
  ),

  PANAL_CONFIG_NOT_FOUND: entry(
    2,
    404,
    'There is no panal.config.ts here.',
    'Run panal init, or name the file with --config.',
  ),
  PANAL_CONFIG_INVALID: entry(
    2,
    422,
    'The configuration cannot be used as it is.',
    'Mend every place that the message names.',
  ),
  PANAL_MODEL_INVALID: entry(
    2,
    422,
    'A system description cannot be used as it is.',
    'Mend every place that the message names.',
  ),
  PANAL_INIT_EXISTS: entry(
    2,
    409,
    'panal init found files where it would write its own, and overwrites nothing.',
    'Name another folder (panal init DIR), or move the files that the message names.',
  ),
  PANAL_FOLDER_UNWRITABLE: entry(
    2,
    422,
    'A folder that the command was asked to write to cannot be written.',
    'Choose another folder, or correct its permissions.',
  ),

  PANAL_URL_INVALID: entry(
    2,
    422,
    'A connection URL cannot be read.',
    'Write postgres://user:password@host:port/database, with special characters percent-encoded.',
  ),
  PANAL_IDENTIFIER_INVALID: entry(
    2,
    422,
    'A name cannot be a PostgreSQL identifier.',
    'Choose a name of 1 to 63 bytes.',
  ),
  PANAL_DATABASE_UNREACHABLE: entry(
    3,
    503,
    'No connection to the PostgreSQL server could be made.',
    'Check that the server runs and that host and port are right.',
  ),
  PANAL_AUTHENTICATION_FAILED: entry(
    3,
    503,
    'The server does not accept the user and password of the connection URL.',
    "Check user and password of the URL, and the server's pg_hba.conf.",
  ),
  PANAL_DATABASE_MISSING: entry(
    3,
    503,
    'The server has no database of that name.',
    'Check the name, or create the database.',
  ),
  PANAL_CONNECT_REFUSED: entry(
    3,
    503,
    'The server runs, but does not let this session in.',
    'Grant the user CONNECT on the database, or do what the server says.',
  ),
  PANAL_TOO_MANY_CONNECTIONS: entry(
    3,
    503,
    'The server, the database or the role has no connection left.',
    'Close other connections, or raise max_connections or the CONNECTION LIMIT.',
  ),
  PANAL_SERVER_STARTING: entry(
    3,
    503,
    'The server is starting up, recovering or shutting down.',
    'Wait a moment and try again.',
  ),
  PANAL_SERVER_TOO_OLD: entry(
    3,
    503,
    'The server is older than PostgreSQL 15.',
    'Upgrade it to PostgreSQL 15 or later; Panal is tested up to 18.',
  ),
  PANAL_TLS_REFUSED: entry(
    3,
    503,
    'The encrypted connection that sslmode asks for could not be made.',
    'Turn TLS on at the server, correct sslrootcert, or choose another sslmode.',
  ),
  PANAL_CONNECTION_LOST: entry(
    3,
    503,
    'The connection to the server broke off. What had not been committed is rolled back.',
    'Run the same command again once the server answers.',
  ),
  PANAL_COMMIT_UNKNOWN: entry(
    3,
    503,
    'The connection broke off during COMMIT, so that nobody knows whether it took place.',
    'Look at the state (panal status), then run the same command again.',
  ),
  PANAL_LOCK_TIMEOUT: entry(
    3,
    409,
    'Another session holds the lock that the operation needs.',
    'Wait until the other run ends, or end the session that the message names.',
  ),

  PANAL_DISK_FULL: entry(
    3,
    507,
    'The disk that holds the embedded PostgreSQL is full.',
    'Make room on the disk that the message names, then run the same command again.',
  ),
  PANAL_EMBEDDED_HOME: entry(
    3,
    500,
    'The folder of the embedded PostgreSQL cannot be written, reached or used.',
    'Name a folder that the present user can write in PANAL_HOME.',
  ),
  PANAL_EMBEDDED_PLATFORM: entry(
    3,
    500,
    'There are no binaries of the embedded PostgreSQL for this machine.',
    'Set DATABASE_URL to a PostgreSQL server of your own.',
  ),
  PANAL_EMBEDDED_VERSION: entry(
    3,
    409,
    'The data directory of the embedded PostgreSQL belongs to another major version.',
    'Use the version of Panal that made it, or move the data directory away.',
  ),
  PANAL_EMBEDDED_PASSWORD: entry(
    3,
    409,
    'The embedded PostgreSQL does not take the password that its folder keeps.',
    'Put the file `password` back, or move the whole folder away to begin with an empty server.',
  ),
  PANAL_EMBEDDED_BUSY: entry(
    3,
    409,
    'Another process is starting the embedded PostgreSQL and does not come to an end.',
    'End the process that the message names, then run the same command again.',
  ),
  PANAL_EMBEDDED_START: entry(
    3,
    503,
    'The embedded PostgreSQL does not start or stop.',
    'See the lines of its log that follow the message; the whole log is server.log in its folder.',
  ),

  PANAL_MASTER_KEY_INVALID: entry(
    2,
    422,
    'The master key, from which every password is derived, cannot be used as it is kept.',
    'Mend what the message names. Do not make a new key while passwords of the old one are in use.',
  ),
  PANAL_MASTER_KEY_MISMATCH: entry(
    2,
    409,
    'The master key is not the one that the passwords of this registry were derived from.',
    'Use the master key of the machine that provisioned: copy its file, or set PANAL_MASTER_KEY.',
  ),
  PANAL_REGISTRY_NEWER: entry(
    2,
    409,
    'The registry was written by a later Panal than this one.',
    'Upgrade Panal.',
  ),
  PANAL_NOT_PROVISIONED: entry(
    2,
    404,
    'What the command asks for has not been provisioned yet.',
    'Run panal apply.',
  ),

  PANAL_SYSTEM_UNKNOWN: entry(
    2,
    404,
    'The configuration has no system, or the system no service, of that name.',
    'Check the name; panal status lists what there is.',
  ),
  PANAL_TENANT_SLUG: entry(
    2,
    422,
    'A slug cannot name a tenant.',
    'Choose 2 to 41 lower-case letters, digits and underscores that start with a letter.',
  ),
  PANAL_TENANT_EXISTS: entry(2, 409, 'A tenant of that slug exists already.', 'Choose another slug.'),
  PANAL_TENANT_UNKNOWN: entry(
    2,
    404,
    'The system has no tenant of that slug.',
    'Check the slug; panal tenant list shows what there is.',
  ),
  PANAL_TENANT_METADATA: entry(
    2,
    422,
    'What is to be recorded of a tenant cannot be used as it is.',
    'Mend every value that the message names.',
  ),
  PANAL_TENANT_UNSUPPORTED: entry(
    2,
    422,
    'The system keeps no schema per tenant.',
    'Name a system with a service of schema tenancy.',
  ),

  PANAL_MIGRATION_UNREADABLE: entry(
    2,
    422,
    'A migration or seed file, or its folder, cannot be read as UTF-8 text.',
    'Check the permissions, and save the file as UTF-8.',
  ),
  PANAL_MIGRATION_NAME: entry(
    2,
    422,
    'The name of a migration file says neither a version nor that it is repeatable.',
    'Name it <version>_name.sql, as in 001_initial.sql, or R_name.sql.',
  ),
  PANAL_MIGRATION_FORMAT: entry(
    2,
    422,
    'A marker or a head line of a migration file is not as it must be.',
    'See docs/guides/migrations.md for the markers of a file.',
  ),
  PANAL_MIGRATION_VERSION_TWICE: entry(
    2,
    422,
    'Two migration files of one service have the same version.',
    'Give the newer one a version above all others.',
  ),
  PANAL_MIGRATION_SYNTAX: entry(
    2,
    422,
    'A migration or seed file is not SQL that PostgreSQL can read.',
    'Correct the file at the place that the message names. Nothing was applied.',
  ),
  PANAL_MIGRATION_REFUSED: entry(
    2,
    422,
    'A migration or seed file holds a statement that Panal makes itself or that would lead out of its transaction, role or schema.',
    'Take the statement out; the message says where it belongs.',
  ),
  PANAL_MIGRATION_NOT_RESUMABLE: entry(
    2,
    422,
    'A transaction:false file holds a statement whose effect cannot be recognised afterwards, so that it could not be resumed.',
    'Move the statement to a file of its own without transaction:false, or write it with IF [NOT] EXISTS.',
  ),
  PANAL_MIGRATION_REQUIRES_UNKNOWN: entry(
    2,
    422,
    'A migration requires a version that no service of the system has.',
    'Correct the line -- requires: service@version.',
  ),
  PANAL_MIGRATION_CYCLE: entry(
    2,
    422,
    'The requires lines of migrations lead in a circle, so that none can run first.',
    'Remove one of the requires lines that the message names.',
  ),
  PANAL_MIGRATION_EDITED: entry(
    2,
    409,
    'A migration file was changed after it had been applied.',
    'Restore the file, and put the change into a new one.',
  ),
  PANAL_MIGRATION_MISSING: entry(
    2,
    409,
    'A migration that was applied has no file any more.',
    'Restore the file; take a version back with panal rollback, not by deleting it.',
  ),
  PANAL_MIGRATION_BELOW_HEAD: entry(
    2,
    409,
    'An unapplied migration has a version below one that is applied already.',
    'Give it a version above the head, or run it with --out-of-order.',
  ),
  PANAL_MIGRATION_VERSION_UNKNOWN: entry(
    2,
    404,
    'No migration of the chosen services has this version.',
    'Look at panal status for the versions there are.',
  ),
  PANAL_MIGRATION_REQUIRES_UNMET: entry(
    1,
    409,
    'A migration requires a version of another service that is not applied.',
    'Migrate the other service first, or both together.',
  ),
  PANAL_MIGRATION_FAILED: entry(
    1,
    409,
    'The server refused a statement of a migration. The file left no trace; those before it stay applied.',
    'Correct the file or the data, then run the same command again.',
  ),
  PANAL_MIGRATION_DOWN_MISSING: entry(
    2,
    409,
    'A migration that is to be taken back has no down part.',
    'Write its -- migrate:down part in a copy of the file history knows, or go on with a new migration.',
  ),
  PANAL_MIGRATION_DEPENDANT: entry(
    2,
    409,
    'A migration that is to be taken back is required by one that stays applied.',
    'Take the dependant back first, or take it along with --cascade.',
  ),
  PANAL_BASELINE_REFUSED: entry(
    2,
    409,
    'A schema that has migrations recorded already cannot be adopted.',
    'Use panal migrate: the ledger knows what is applied there.',
  ),
  PANAL_TARGET_LOST: entry(
    1,
    409,
    'The schema of a target is not there any more, although the registry and the ledger know it.',
    'Find out who dropped it. A tenant comes back from a backup; one that is gone for good leaves with its entry in the registry.',
  ),
  PANAL_RUN_UNKNOWN: entry(
    2,
    404,
    'There is no run with this id.',
    'Look at panal runs for the ids there are.',
  ),
  PANAL_RUN_NOT_RESUMABLE: entry(
    2,
    409,
    'A run cannot be gone on with: it is no migration, it still runs, or it left nothing to do.',
    'Look at panal runs show ID; panal migrate applies whatever is pending.',
  ),
  PANAL_LEDGER_FORMAT: entry(
    3,
    409,
    'The ledger of a database was written by a newer Panal.',
    'Upgrade Panal to the version that the other operators use.',
  ),
  PANAL_SEED_FAILED: entry(
    1,
    409,
    'The server refused a statement of a seed file. The file left no trace; those before it stay.',
    'Correct the file or the data, then seed again.',
  ),

  PANAL_NOT_AN_OPERATOR: entry(
    3,
    403,
    'This login may not act as the control role of the server.',
    'Let somebody who may (the first operator, or a superuser) run the GRANT that the message shows.',
  ),
  PANAL_OPERATOR_RIGHTS: entry(
    3,
    403,
    'This login may not create roles and databases, and nobody has prepared the server yet.',
    'Connect as a login with CREATEROLE and CREATEDB, or as a superuser, for the first apply.',
  ),
  PANAL_UNMARKED_EXISTS: entry(
    2,
    409,
    'A role, schema or database that the model declares exists already and is not marked as managed.',
    'Choose another name, or take it over with panal apply --adopt.',
  ),
  PANAL_STEP_FAILED: entry(
    3,
    502,
    'The server refused a statement of the plan; what was finished before it stays.',
    'Mend what the server names, then run the same command again.',
  ),
  PANAL_NOT_CONVERGED: entry(
    1,
    500,
    'After an apply the server still differs from the model.',
    'Look at panal plan: somebody may have changed the same things meanwhile.',
  ),
  PANAL_ROW_TENANCY: entry(
    2,
    422,
    'A schema with row tenancy holds something that would show one tenant the rows of another.',
    'Change the migration, or list the object in shared or definers of the model.',
  ),
} satisfies Record<string, ErrorEntry>)

export type ErrorCode = keyof typeof errorRegistry

/** Where in the user's own files the cause stands. Lines and columns count from 1, columns in code points. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface ErrorContext {
  readonly place?: Place
  /** Replaces the registry's remedy where this occurrence knows better. */
  readonly remedy?: string
  /** Further lines for a person: a source excerpt with a caret, a diff, a list of problems. */
  readonly details?: readonly string[]
  /** The driver's or the system's own error, kept whole. */
  readonly cause?: unknown
}

/** An error of the registry: what, where, why and what to do. Everything thrown on purpose is one. */
export class PanalError extends Error {
  override readonly name = 'PanalError'
  readonly code: ErrorCode
  readonly exitCode: ErrorEntry['exitCode']
  readonly httpStatus: number
  readonly remedy: string
  readonly place: Place | undefined
  readonly details: readonly string[]

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause })
    const registered: ErrorEntry = errorRegistry[code]
    this.code = code
    this.exitCode = registered.exitCode
    this.httpStatus = registered.httpStatus
    this.remedy = context.remedy ?? registered.remedy
    this.place = context.place
    this.details = context.details ?? []
  }
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function formatPlace(place: Place): string {
  if (place.line === undefined) return place.file
  return place.column === undefined
    ? `${place.file}:${place.line}`
    : `${place.file}:${place.line}:${place.column}`
}
