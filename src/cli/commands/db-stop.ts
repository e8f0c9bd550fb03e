import { panalHome, stopEmbedded } from '../../embedded/index.ts'
import { configFolder } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'

export const dbStop = defineCommand({
  options: {},
  examples: [{ line: 'panal db stop', says: 'disconnect everybody and stop it; the data stays' }],
  run(context) {
    const folder = configFolder(context.cwd, context.globals.config, context.environment)
    return stopEmbedded(panalHome(folder))
  },
  render: (server) =>
    server.stopped
      ? `The embedded PostgreSQL has stopped; its data stays in ${server.dataDir}.`
      : 'The embedded PostgreSQL was not running.',
})
