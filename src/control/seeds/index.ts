/** Seeds: SQL files that fill a target with data to look at. */
export { runSeeds, type SeededFile, type SeedOptions } from './run-seeds.ts'
