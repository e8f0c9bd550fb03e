export { failureList } from './failure-list.ts'
export { orphanLines } from './orphan-lines.ts'
export { planScreen } from './plan-screen.ts'
