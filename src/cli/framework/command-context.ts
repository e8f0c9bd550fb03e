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
  /** Whether there is a terminal to ask on. */
  readonly canAsk: boolean
  /**
   * Asks on the terminal; the default answer is no.
   *
   * @param question one line, such as `Revoke these rights?`
   * @param steps what would happen, a line each
   * @throws PANAL_CONFIRMATION_NEEDED where nobody can be asked
   */
  ask(question: string, steps: readonly string[]): Promise<boolean>
}
