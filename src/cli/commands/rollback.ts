import { rollbackPlatform } from '../../control/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand, flag, text, usageError } from '../framework/index.ts'
import { rollbackScreen } from '../screens/index.ts'

export const rollback = defineCommand({
  options: {
    to: text('VERSION', 'take back every version above this one; 0: all'),
    only: text('VERSION', 'take back this version alone'),
    cascade: flag('take back what depends on it too'),
  },
  examples: [
    {
      line: 'panal rollback --system acc-lms --service courses --to 002',
      says: 'run the down parts above 002',
    },
    { line: 'panal rollback --system bo-tech --tenant acme --only 004', says: 'one version of one tenant' },
  ],
  async run(command, { to, only, cascade }) {
    const back = backOf(to, only)
    return rollbackPlatform(await openContext(command), {
      selection: selectionOf(command.globals),
      back,
      cascade,
    })
  },
  render: (result, terminal, { context }) => rollbackScreen(result, terminal, context.cwd),
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
})

function backOf(to: string | undefined, only: string | undefined) {
  if (to !== undefined && only === undefined) return { to }
  if (only !== undefined && to === undefined) return { only }
  throw usageError(
    'panal rollback needs to know how far: --to VERSION or --only VERSION, one of them.',
    'See panal status for the versions, and panal rollback --help.',
  )
}
