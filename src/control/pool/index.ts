/** The warm pool: finished schemas kept ready, so that a new tenant is a rename. */
export { registerSpares, unfinishedSpares } from './register-spares.ts'
export { isSpare } from './spare-slug.ts'
export { type SpareTaking, takeSpare } from './take-spare.ts'
