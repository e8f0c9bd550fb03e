import { panalHome, startEmbedded } from '../../embedded/index.ts'
import { configFolder } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'

export const dbStart = defineCommand({
  options: {},
  examples: [
    { line: 'panal db start', says: 'start it, and print a URL for psql' },
    { line: 'export DATABASE_URL=$(panal db start --json | jq -r .url)', says: 'use it from a program' },
  ],
  run(context) {
    const folder = configFolder(context.cwd, context.globals.config, context.environment)
    const onStep = (line: string): void => context.onProgress({ kind: 'note', line })
    return startEmbedded(panalHome(folder), { onStep })
  },
  render: (server, { paint }) =>
    [
      `The embedded PostgreSQL ${server.version} ${server.started ? 'has started' : 'runs already'} (data: ${server.dataDir}).`,
      '',
      `  ${paint.bold(`psql "${server.url}"`)}`,
      '',
      'It keeps running after this command. Stop it with: panal db stop',
    ].join('\n'),
})
