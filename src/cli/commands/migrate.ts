import { migratePlatform } from '../../control/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand, duration, flag, text } from '../framework/index.ts'
import { migrateScreen } from '../screens/index.ts'

export const migrate = defineCommand({
  options: {
    to: text('VERSION', 'the last version to apply; default: all'),
    outOfOrder: flag('apply files below the head too'),
    lockTimeout: duration('MS', 'the longest wait of one statement for one lock; default: 5s'),
  },
  examples: [
    { line: 'panal migrate', says: 'apply what is pending, everywhere' },
    { line: 'panal migrate --system bo-tech --tenant acme', says: 'one tenant' },
    {
      line: 'panal migrate --system acc-lms --service courses --to 003',
      says: 'one service, up to a version',
    },
  ],
  async run(command, { to, outOfOrder, lockTimeout }) {
    return migratePlatform(await openContext(command), {
      selection: selectionOf(command.globals),
      outOfOrder,
      ...(to === undefined ? {} : { to }),
      ...(lockTimeout === undefined ? {} : { lockTimeoutMs: lockTimeout }),
    })
  },
  render: (result, terminal, { context }) => migrateScreen(result, 'migrated', terminal, context.cwd),
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
})
