import type { Connection } from '../../postgres/index.ts'
import type { ControlContext } from '../context/index.ts'
import type { ExecuteOptions } from '../provision/index.ts'
import type { Approval } from './approval.ts'
import type { StepRecorder } from './step-recorder.ts'

export interface ProvisionOptions {
  /** Whether declared names that stand without a mark are taken over. */
  readonly adopt: boolean
  /** What somebody agreed to. */
  readonly approval: Approval
  /** The run that the audit log names, or null. */
  readonly run: string | null
}

/** What the parts of one provisioning share. */
export interface Provisioning {
  readonly context: ControlContext
  /** The registry's connection. */
  readonly control: Connection
  readonly options: ProvisionOptions
  readonly execute: ExecuteOptions
  readonly recorder: StepRecorder
}

/** Ten thousand roles take half a minute; whoever waits longer than this should be told for whom. */
export const LOCK_TIMEOUT_MS = 300_000
