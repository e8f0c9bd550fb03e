import { embeddedStatus, panalHome } from '../../embedded/index.ts'
import { configFolder } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'

export const dbStatus = defineCommand({
  options: {},
  examples: [{ line: 'panal db status --json', says: 'whether it runs, its URL and its data directory' }],
  run(context) {
    const folder = configFolder(context.cwd, context.globals.config, context.environment)
    return embeddedStatus(panalHome(folder))
  },
  render: (server) =>
    server.running
      ? `The embedded PostgreSQL ${server.version} runs on port ${server.port} (data: ${server.dataDir}).\n\n  psql "${server.url}"`
      : `The embedded PostgreSQL does not run (data: ${server.dataDir}). Start it with: panal db start`,
})
