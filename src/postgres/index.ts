/** The only user of the PostgreSQL driver: SQL as typed values, connections, transactions, locks, errors. */
export type { Connection, ScriptResult } from './connection.ts'
export { type ConnectionTarget, connectionTarget, formatServer } from './connection-target.ts'
export {
  databaseOfUrl,
  formatConnectionUrl,
  redactUrl,
  withCredentials,
  withDatabase,
} from './connection-url.ts'
export type { Notice } from './notice.ts'
export {
  type ConnectionOptions,
  newestTestedServerMajor,
  oldestServerMajor,
  openConnection,
} from './open-connection.ts'
export { type ConnectionUrl, parseConnectionUrl, type SslMode, sslModes } from './parse-connection-url.ts'
export { completedStatements } from './script-progress.ts'
export {
  describeServerError,
  isServerError,
  type ServerError,
  serverErrorOf,
  sqlStateOf,
} from './server-error.ts'
export { ident, join, literal, type Sql, type SqlValue, sql, trusted } from './sql.ts'
export type { TransactionOptions } from './transaction-options.ts'
