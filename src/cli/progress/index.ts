export { type Progress, type ProgressOptions, startProgress } from './progress.ts'
