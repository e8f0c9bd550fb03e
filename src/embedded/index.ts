/** The embedded PostgreSQL: a real server beside the configuration, for whoever brings none. */

// What it is made of, from which the tests build servers of other versions and settings.
export { type Account, serverAccount } from './account.ts'
export type { EmbeddedServer, StoppedServer } from './embedded-server.ts'
export { type Binaries, binariesOf, findBinaries } from './find-binaries.ts'
export { type HomeLayout, homeLayout } from './home-layout.ts'
export { initializeCluster } from './initialize-cluster.ts'
export { installBinaries, program } from './install-binaries.ts'
export { panalHome } from './panal-home.ts'
export { livingPostmaster } from './postmaster.ts'
export { makeHome } from './prepare-home.ts'
export { processIdentity } from './process-identity.ts'
export { ProgramFailure, runProgram } from './run-program.ts'
export { readState } from './server-state.ts'
export { type StartOptions, startEmbedded } from './start-embedded.ts'
export { startPostmaster } from './start-postmaster.ts'
export { embeddedStatus, stopEmbedded } from './stop-embedded.ts'
