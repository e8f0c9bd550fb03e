import { PanalError } from '../../model/index.ts'
import type { ControlContext } from '../context/index.ts'
import { Run } from '../state/index.ts'

/** What a recorded operation says of its end. */
export interface Recorded<Result> {
  readonly result: Result
  readonly failed: boolean
  readonly interrupted: boolean
  /** For `panal runs`: counts and failures, no secret. */
  readonly summary: Readonly<Record<string, unknown>>
}

/** Does work as a run of the registry, whatever becomes of it. The registry exists. */
export async function recordedRun<Result>(
  context: ControlContext,
  kind: string,
  options: Readonly<Record<string, unknown>>,
  work: (id: string, run: Run) => Promise<Recorded<Result>>,
): Promise<Result> {
  await using run = await Run.start(context, kind, options)
  try {
    const { result, failed, interrupted, summary } = await work(run.id, run)
    await run.finish(interrupted ? 'interrupted' : failed ? 'failed' : 'succeeded', summary)
    return result
  } catch (error) {
    const code = error instanceof PanalError ? error.code : 'PANAL_INTERNAL'
    const outcome = code === 'PANAL_INTERRUPTED' || context.signal.aborted ? 'interrupted' : 'failed'
    // The error of the work matters more than that of writing it down; unwritten, the run is found lost.
    await run.finish(outcome, { error: { code } }).catch(() => undefined)
    throw error
  }
}
