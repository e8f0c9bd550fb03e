import { formatTarget, PanalError, type Place, type Target } from '../../model/index.ts'
import { sqlStateOf } from '../../postgres/index.ts'
import { labelOf, type MigrationFile } from './migration-file.ts'

/** A target on which a file failed. Its later files were not begun. */
export interface FailedTarget {
  /** `bo-tech/shop/acme`. */
  readonly target: string
  /** `004_order_channel`. */
  readonly migration: string
  readonly code: string
  readonly message: string
  readonly place?: Place
  readonly details?: readonly string[]
  readonly remedy?: string
  /** The server's, where it was the server that refused. */
  readonly sqlState?: string
}

/** What came of a run over targets. */
export interface MigrateResult {
  readonly run: string | null
  /** How many targets were chosen. */
  readonly targets: number
  readonly upToDate: number
  /** Targets on which something was done and nothing failed. */
  readonly migrated: number
  /** Files done, over all targets. */
  readonly files: number
  readonly failed: readonly FailedTarget[]
  /** Whether a signal ended it before every target had its turn. */
  readonly interrupted: boolean
  readonly seconds: number
  readonly targetsPerSecond: number
}

/** @throws the error when it is no PanalError: a defect is not a failed target */
export function failedTarget(target: Target, file: MigrationFile, error: unknown): FailedTarget {
  if (!(error instanceof PanalError)) throw error
  const sqlState = sqlStateOf(error)
  return {
    target: formatTarget(target),
    migration: labelOf(file),
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.details.length === 0 ? {} : { details: error.details }),
    ...(sqlState === undefined ? {} : { sqlState }),
  }
}
