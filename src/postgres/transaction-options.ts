import { PanalError } from '../model/index.ts'

export interface TransactionOptions {
  /** Default: the server's `default_transaction_isolation`, normally read committed. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /** How long a statement of this transaction may wait for a lock, in milliseconds; 0 waits forever. Default: the session's. */
  readonly lockTimeoutMs?: number
}

/** BEGIN with its modes, and what SET LOCAL must follow, in one message. */
export function beginStatement({ isolation, readOnly, lockTimeoutMs }: TransactionOptions): string {
  const level = isolation === undefined ? '' : ` ISOLATION LEVEL ${isolation.toUpperCase()}`
  const access = readOnly === undefined ? '' : readOnly ? ' READ ONLY' : ' READ WRITE'
  const timeout =
    lockTimeoutMs === undefined ? '' : `; SET LOCAL lock_timeout = ${checkedTimeout(lockTimeoutMs)}`
  return `BEGIN${level}${access}${timeout}`
}

/** A timeout as the server takes it. @throws PANAL_INTERNAL for what is no whole number of milliseconds from 0 on */
export function checkedTimeout(timeoutMs: number): number {
  const longest = 2 ** 31 - 1
  if (Number.isInteger(timeoutMs) && timeoutMs >= 0 && timeoutMs <= longest) return timeoutMs
  throw new PanalError('PANAL_INTERNAL', `${timeoutMs} is no timeout in whole milliseconds.`)
}
