import type { ProgressListener } from '../../control/context/index.ts'
import type { GlobalOptions } from './global-options.ts'

/** What a command works with, beside its own options. */
export interface CommandContext {
  readonly globals: GlobalOptions
  /** The absolute folder that the command was started in. */
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  readonly onProgress: ProgressListener
  /**
   * Asks on the terminal whether to go on; the default answer is no.
   *
   * @param question one line, such as `Revoke these rights?`
   * @param steps what would happen, a line each
   * @throws PANAL_CONFIRMATION_NEEDED when the answer is no or nobody can be asked
   */
  confirm(question: string, steps: readonly string[]): Promise<void>
}
