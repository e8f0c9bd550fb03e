export { CONTROL_DATABASE, type DatabasePlace, Databases } from './databases.ts'
