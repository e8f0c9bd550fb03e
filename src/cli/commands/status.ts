import { platformStatus, type StatusRow } from '../../control/index.ts'
import { formatTarget } from '../../model/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'
import { plural, tableText } from '../terminal/index.ts'

export const status = defineCommand({
  options: {},
  examples: [
    { line: 'panal status', says: 'every target: where it lives, its version, what is pending' },
    {
      line: "panal status --json | jq '.targets[] | select(.pending | length > 0)'",
      says: 'what is behind',
    },
  ],
  async run(command) {
    return { targets: await platformStatus(await openContext(command), selectionOf(command.globals)) }
  },
  render({ targets }, terminal) {
    const { paint } = terminal
    if (targets.length === 0) return 'There is no target yet: the first tenant makes one.'
    const rows = targets.map((target) => {
      const text = stateOf(target)
      const colour = text === 'up to date' ? paint.dim : target.problems.length > 0 ? paint.red : paint.yellow
      const name = formatTarget({ ...target, tenant: target.tenant ?? null })
      return [name, target.database, target.schema, target.version ?? '–', { text, paint: colour }]
    })
    const titles = ['target', 'database', 'schema', 'version', 'state']
    const table = tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)
    return `${table}\n\n${summaryOf(targets)}`
  },
  exitCode: ({ targets }) => (targets.some(({ problems }) => problems.length > 0) ? 1 : 0),
})

function stateOf({ provisioned, pending, unfinished, problems }: StatusRow): string {
  if (problems.length > 0) return problems.join('; ')
  if (!provisioned) return 'not provisioned'
  if (unfinished) return 'unfinished'
  return pending.length === 0 ? 'up to date' : `pending ${pending.join(', ')}`
}

function summaryOf(targets: readonly StatusRow[]): string {
  const missing = targets.filter(({ provisioned }) => !provisioned).length
  const behind = targets.filter(({ provisioned, pending }) => provisioned && pending.length > 0).length
  const parts = [
    ...(missing > 0 ? [`${missing} not provisioned: panal apply`] : []),
    ...(behind > 0 ? [`${behind} behind: panal migrate`] : []),
  ]
  return `${plural(targets.length, 'target')}, ${parts.length === 0 ? 'all up to date' : parts.join(', ')}.`
}
