import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import { finishRun, HEARTBEAT_MS, insertRun, type RunOutcome, touchRun } from './run-records.ts'

/**
 * One execution that is being recorded. It has a connection of its own, since a heartbeat on the
 * worker's would join the worker's transaction and become visible only at its end.
 */
export class Run implements AsyncDisposable {
  readonly id: string
  readonly #context: Pick<ControlContext, 'databases'>
  readonly #timer: NodeJS.Timeout
  #connection: Promise<Connection>
  #disposed = false

  private constructor(context: Pick<ControlContext, 'databases'>, connection: Connection, id: string) {
    this.id = id
    this.#context = context
    this.#connection = Promise.resolve(connection)
    // unref: the heartbeat keeps no process alive whose work is done.
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref()
  }

  /** Records a run that begins now. The registry exists. `options` hold no secret. */
  static async start(
    context: Pick<ControlContext, 'databases'>,
    kind: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<Run> {
    const connection = await context.databases.openControl()
    try {
      return new Run(context, connection, await insertRun(connection, kind, options))
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /** Does work on the run's own connection, opened again where it was lost. The work sends single statements. */
  async record<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return await work(await this.#living())
  }

  /** Records how it ended. A run that is disposed of without this is found `lost`. */
  async finish(outcome: RunOutcome, summary: Readonly<Record<string, unknown>>): Promise<void> {
    await finishRun(await this.#living(), this.id, outcome, summary)
    await this[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    clearInterval(this.#timer)
    const connection = await this.#connection.catch(() => null)
    await connection?.close()
  }

  /** A beat that fails is no reason to end the work; the next one, or the end, connects anew. */
  async #beat(): Promise<void> {
    try {
      await touchRun(await this.#living(), this.id)
    } catch {
      // Whoever looks meanwhile sees the run as lost, and as running again after the next beat.
    }
  }

  /** One at a time, so that a beat and the end do not open a connection each. */
  #living(): Promise<Connection> {
    this.#connection = this.#connection
      .catch(() => null)
      .then(async (connection) => {
        if (connection !== null && (this.#disposed || !connection.lost)) return connection
        return await this.#context.databases.openControl()
      })
    return this.#connection
  }
}
