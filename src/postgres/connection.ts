import type pg from 'pg'
import { PanalError } from '../model/index.ts'
import { type ConnectionTarget, formatServer } from './connection-target.ts'
import { type Notice, noticeFrom } from './notice.ts'
import { completedStatementsBefore } from './script-progress.ts'
import { endsSession } from './server-error.ts'
import type { Sql } from './sql.ts'
import { beginStatement, type TransactionOptions } from './transaction-options.ts'

/** What one statement of a script gave. */
export interface ScriptResult {
  /** The first word of the command tag: `SELECT`, `CREATE`, `INSERT`, … */
  readonly command: string
  /** Rows read or changed; `null` for commands that count none. */
  readonly rowCount: number | null
  readonly rows: readonly Record<string, unknown>[]
}

/** A session as {@link openConnection} found it. */
export interface Session {
  readonly client: pg.Client
  readonly target: ConnectionTarget
  readonly serverVersionNumber: number
  readonly processId: number
  readonly database: string
  readonly user: string
  readonly cancel: () => Promise<void>
}

/** How long a polite goodbye may take before the socket is dropped. */
const closeTimeoutMs = 2_000

/**
 * One session of the server. Statements run one after the other in the order of their calls, so it is
 * safe to call without awaiting; a transaction is the exception, since statements of another flow
 * would join it: one flow per connection.
 *
 * A session that died is `lost`: each call then fails with PANAL_CONNECTION_LOST, and it never raises
 * an unhandled error event. Errors of the server itself are thrown as the driver gives them
 * ({@link isServerError}), for whoever knows the file or the tenant to explain.
 */
export class Connection implements AsyncDisposable {
  /** As server_version_num: 180004 is 18.4. */
  readonly serverVersionNumber: number
  readonly serverMajor: number
  readonly processId: number
  readonly database: string
  /** Who logged in; SET ROLE does not change it. */
  readonly user: string

  readonly #client: pg.Client
  readonly #target: ConnectionTarget
  readonly #cancel: () => Promise<void>
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  #tail: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined
  #lossCause: unknown
  #lost = false
  #inTransaction = false

  /** For {@link openConnection}. */
  constructor(session: Session) {
    this.#client = session.client
    this.#target = session.target
    this.#cancel = session.cancel
    this.serverVersionNumber = session.serverVersionNumber
    this.serverMajor = Math.trunc(session.serverVersionNumber / 10_000)
    this.processId = session.processId
    this.database = session.database
    this.user = session.user
    this.#client.on('error', (error) => this.#lose(error))
    this.#client.on('end', () => this.#lose(undefined))
    this.#client.on('notice', (message) => {
      const notice = noticeFrom(message)
      for (const listener of this.#noticeListeners) listener(notice)
    })
  }

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** Whether the session ended without our doing. */
  get lost(): boolean {
    return this.#lost
  }

  /** Whether {@link transaction} is running its work. */
  get inTransaction(): boolean {
    return this.#inTransaction
  }

  /**
   * Runs one statement by the extended protocol, values bound. Types of the result: {@link resultTypes}.
   * @throws PANAL_CONNECTION_LOST; the server's own errors as they are
   */
  async query<Row extends object = Record<string, unknown>>(statement: Sql): Promise<Row[]> {
    // Without the explicit mode, the driver would send a statement without values as a script.
    const config = { text: statement.text, values: [...statement.values], queryMode: 'extended' }
    const result = await this.#enqueue(() => this.#client.query<Row>(config))
    return result.rows
  }

  /**
   * Sends a text of any number of statements in one message by the simple protocol: outside a
   * transaction the server runs them as one, unless the text holds transaction statements. When one
   * fails, {@link completedStatements} tells how many went before it.
   * @throws PANAL_CONNECTION_LOST; the server's own errors as they are
   */
  async script(text: string): Promise<readonly ScriptResult[]> {
    if (text.includes('\0')) throw new PanalError('PANAL_INTERNAL', 'A script cannot hold a zero byte.')
    const result: unknown = await this.#enqueue(() =>
      completedStatementsBefore(this.#client, () => this.#client.query(text)),
    )
    const results = (Array.isArray(result) ? result : [result]) as pg.QueryResult<Record<string, unknown>>[]
    // A text of nothing but comments gives one result without a command.
    return results
      .filter(({ command }) => command !== null)
      .map(({ command, rowCount, rows }) => ({ command, rowCount, rows }))
  }

  /**
   * Runs work between BEGIN and COMMIT. When it throws, the transaction is rolled back and the error
   * passed on. Work must let errors of its statements pass: a transaction whose statement failed
   * cannot commit, whatever became of the error.
   *
   * @throws PANAL_INTERNAL when a transaction is already running, or when work ended it or hid a failure
   * @throws PANAL_CONNECTION_LOST when the session ended before COMMIT was sent: nothing was committed
   * @throws PANAL_COMMIT_UNKNOWN when it ended during COMMIT: look before doing it again
   */
  async transaction<Result>(
    work: (connection: Connection) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    if (this.#inTransaction)
      throw new PanalError('PANAL_INTERNAL', 'A transaction already runs on this connection.')
    this.#inTransaction = true
    try {
      await this.script(beginStatement(options))
      let result: Result
      try {
        result = await work(this)
      } catch (error) {
        await this.#rollBack()
        throw error
      }
      await this.#commit()
      return result
    } finally {
      this.#inTransaction = false
    }
  }

  /** Hears the server's notices; call what it returns to stop. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => {
      this.#noticeListeners.delete(listener)
    }
  }

  /**
   * Asks the server to cancel the running statement, which then fails with 57014. Resolves once the
   * server has the request; when nothing runs, nothing happens.
   * @throws the network's error when the server cannot be reached
   */
  async cancel(): Promise<void> {
    if (!this.#lost && !this.closed) await this.#cancel()
  }

  /** Ends the session. Does not wait for a running statement: its socket is dropped, and its caller gets PANAL_CONNECTION_LOST. */
  async close(): Promise<void> {
    this.#closing ??= this.#end()
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #end(): Promise<void> {
    if (this.#lost) {
      this.#client.connection.stream.destroy()
      return
    }
    // A peer that vanished answers no goodbye.
    const timer = setTimeout(() => this.#client.connection.stream.destroy(), closeTimeoutMs)
    await this.#client.end()
    clearTimeout(timer)
  }

  /** The driver would queue too, but warns that it will cease to. */
  async #enqueue<Result>(send: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(() => this.#guard(send))
    this.#tail = turn.catch(() => undefined)
    return await turn
  }

  async #guard<Result>(send: () => Promise<Result>): Promise<Result> {
    if (this.#lost || this.closed) throw this.#lossError()
    try {
      return await send()
    } catch (error) {
      if (endsSession(error)) this.#lose(error)
      throw this.#lost || this.closed ? this.#lossError(error) : error
    }
  }

  async #commit(): Promise<void> {
    const status = this.#client.getTransactionStatus()
    if (status === 'I' && !this.#lost) {
      throw new PanalError('PANAL_INTERNAL', 'The work ended the transaction that it ran in.')
    }
    let sent = false
    const results = await this.#enqueue(() => {
      sent = true
      return this.#client.query('COMMIT')
    }).catch((error: unknown) => {
      if (!sent || !(this.#lost || this.closed)) throw error
      const where = `at ${formatServer(this.#target)}, database "${this.database}"`
      throw new PanalError('PANAL_COMMIT_UNKNOWN', `The connection broke off during COMMIT ${where}.`, {
        cause: error,
      })
    })
    // The server answers the COMMIT of a failed transaction with a ROLLBACK and no error.
    if (results.command !== 'COMMIT') {
      throw new PanalError(
        'PANAL_INTERNAL',
        'A statement of the transaction had failed, so it was rolled back.',
      )
    }
  }

  async #rollBack(): Promise<void> {
    try {
      await this.script('ROLLBACK')
    } catch (error) {
      // With the session the transaction has gone; anything else leaves it in an unknown state.
      if (!this.#lost) this.#lose(error)
    }
  }

  #lose(cause: unknown): void {
    if (this.closed) return
    this.#lossCause ??= cause
    this.#lost = true
  }

  #lossError(latest?: unknown): PanalError {
    const cause = this.#lossCause ?? latest
    const reason = this.closed
      ? 'is closed'
      : `broke off${cause instanceof Error ? `: ${cause.message}` : ''}`
    const where = `${formatServer(this.#target)}, database "${this.database}", user "${this.user}"`
    return new PanalError('PANAL_CONNECTION_LOST', `The connection to ${where} ${reason}.`, { cause })
  }
}
