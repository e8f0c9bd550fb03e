import { isConverged, planPlatform } from '../../control/index.ts'
import { openContext, selectionFlags, selectionOf } from '../config/index.ts'
import { defineCommand, flag } from '../framework/index.ts'
import { planScreen } from '../screens/index.ts'

export const plan = defineCommand({
  options: {
    check: flag('exit 1 where there is anything to do'),
    adopt: flag('plan what apply --adopt would do'),
  },
  examples: [
    { line: 'panal plan --system acc-lms', says: 'what apply would do, and why' },
    { line: 'panal plan --check --quiet', says: 'in CI: fail where the server is not as the model says' },
  ],
  async run(command, { adopt }) {
    const context = await openContext(command)
    return planPlatform(context, { selection: selectionOf(command.globals), adopt })
  },
  render: (found, terminal, { context }) => planScreen(found, terminal, selectionFlags(context.globals)),
  exitCode: (found, { check }) => (check && !isConverged(found) ? 1 : 0),
})
