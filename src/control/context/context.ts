import type { Config } from '../../model/index.ts'
import type { Databases } from '../databases/index.ts'
import type { SecretProvider } from '../secrets/index.ts'
import type { ProgressListener } from './progress.ts'

/** What every operation of the control plane works with. One per command or request. */
export interface ControlContext {
  readonly config: Config
  readonly databases: Databases
  /** Gives the master key that every password is derived from. */
  readonly secrets: SecretProvider
  readonly onProgress: ProgressListener
  /** Aborted by SIGINT and SIGTERM: finish the statement in flight, record, stop. */
  readonly signal: AbortSignal
}
