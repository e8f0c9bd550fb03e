export type { ControlContext } from './context.ts'
export { type ProgressEvent, type ProgressListener, silent } from './progress.ts'
