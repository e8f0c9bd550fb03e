/** Looks at servers and databases before anything is built on them. */
export { doctor } from './doctor.ts'
export type { DoctorCheck } from './doctor-check.ts'
