export { type Scaffold, writeScaffold } from './write-scaffold.ts'
