/** Where the databases of an environment are, and who may open them. */
export { notAnOperator } from './admission.ts'
export { CONTROL_DATABASE, type DatabasePlace, Databases } from './databases.ts'
