/** The only user of the PostgreSQL driver: SQL as typed values, connections, transactions, locks, errors. */
export {
  type LockHolder,
  type LockOptions,
  lockHolder,
  takeTransactionLock,
  withAdvisoryLock,
} from './advisory-lock.ts'
export type { Connection, ScriptResult } from './connection.ts'
export { type ConnectionTarget, connectionTarget, formatServer } from './connection-target.ts'
export {
  databaseOfUrl,
  formatConnectionUrl,
  redactUrl,
  withCredentials,
  withDatabase,
} from './connection-url.ts'
export { type LocateOptions, locateServerError } from './locate-server-error.ts'
export { type LockKey, lockKey } from './lock-key.ts'
export type { Notice } from './notice.ts'
export {
  type ConnectionOptions,
  newestTestedServerMajor,
  oldestServerMajor,
  openConnection,
} from './open-connection.ts'
export { type ConnectionUrl, parseConnectionUrl, type SslMode, sslModes } from './parse-connection-url.ts'
export { type RetryPace, type RetryRule, retryableSqlStates, retryRuleOf } from './retryable.ts'
export { type ScramOptions, scramVerifier } from './scram.ts'
export { completedStatements } from './script-progress.ts'
export {
  describeServerError,
  isServerError,
  type ServerError,
  serverErrorOf,
  sqlStateOf,
} from './server-error.ts'
export { excerpt } from './source-excerpt.ts'
export {
  codePointOffset,
  codePointOffsetOfByte,
  placeInText,
  type TextPlace,
  utf16Index,
} from './source-position.ts'
export { ident, join, literal, type Sql, type SqlValue, sql, trusted } from './sql.ts'
export type { TransactionOptions } from './transaction-options.ts'
export { type Retry, type RetryOptions, withRetries } from './with-retries.ts'
