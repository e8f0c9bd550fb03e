/** Other tools that migrate many schemas, as contenders. */
export { installPeers } from './install-peers.ts'
export { nodePgMigrate } from './node-pg-migrate.ts'
export { postgrator } from './postgrator.ts'
export { umzug } from './umzug.ts'
