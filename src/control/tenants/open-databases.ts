import type { Connection } from '../../postgres/index.ts'
import type { Databases } from '../databases/index.ts'
import { openIfMade } from './open-if-made.ts'

/**
 * The databases that one operation has open: each is opened when it is first asked for, lent to one flow after the
 * other and closed with the operation. Opening costs as much as a dozen queries: TCP, a process, SCRAM.
 */
export class OpenDatabases implements AsyncDisposable {
  readonly #databases: Databases
  readonly #opened = new Map<string, Promise<Connection | null>>()

  constructor(databases: Databases) {
    this.#databases = databases
  }

  get databases(): Databases {
    return this.#databases
  }

  /** Null: Panal makes this database and has not made it yet. The borrower does not close it. */
  borrow(key: string): Promise<Connection | null> {
    const opened = this.#opened.get(key) ?? openIfMade(this.#databases, key)
    this.#opened.set(key, opened)
    return opened
  }

  /** Begins to open a database that will be wanted. Whether it can be had, its borrower hears. */
  prepare(key: string): void {
    this.borrow(key).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#opened.values()) await (await opened.catch(() => null))?.close()
  }
}
