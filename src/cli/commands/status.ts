import { readPlatform } from '../../control/apply/index.ts'
import { labelOf, loadMigrations, migrationStatus } from '../../control/migrate/index.ts'
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
    const context = await openContext(command)
    const platform = await readPlatform(context, selectionOf(command.globals))
    const migrations = await Promise.all(platform.selected.map(loadMigrations))
    const statuses = await migrationStatus(context, migrations, platform.focus)
    return {
      targets: statuses.map(({ target, version, pending, unfinished, problems }) => ({
        system: target.system,
        service: target.service,
        ...(target.tenant === null ? {} : { tenant: target.tenant }),
        database: target.database,
        schema: target.schema,
        version,
        pending,
        unfinished,
        problems: problems.map(describeProblem),
      })),
    }
  },
  render({ targets }, terminal) {
    const { paint } = terminal
    if (targets.length === 0) return 'There is no target yet: a tenant makes the first one.'
    const rows = targets.map((target) => {
      const text = stateOf(target)
      const colour = text === 'up to date' ? paint.dim : target.problems.length > 0 ? paint.red : paint.yellow
      const name = formatTarget({ ...target, tenant: target.tenant ?? null })
      return [name, target.database, target.schema, target.version ?? '–', { text, paint: colour }]
    })
    const titles = ['target', 'database', 'schema', 'version', 'state']
    const behind = targets.filter(({ pending }) => pending.length > 0).length
    const summary = `${plural(targets.length, 'target')}${behind === 0 ? ', all up to date' : `, ${behind} behind: panal apply`}.`
    return `${tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)}\n\n${summary}`
  },
  exitCode: ({ targets }) => (targets.some(({ problems }) => problems.length > 0) ? 1 : 0),
})

type HistoryProblem = Awaited<ReturnType<typeof migrationStatus>>[number]['problems'][number]

function describeProblem(problem: HistoryProblem): { kind: HistoryProblem['kind']; migration: string } {
  return {
    kind: problem.kind,
    migration: labelOf(problem.kind === 'missing' ? problem.applied : problem.file),
  }
}

interface State {
  readonly pending: readonly string[]
  readonly unfinished: boolean
  readonly problems: readonly { kind: string; migration: string }[]
}

function stateOf({ pending, unfinished, problems }: State): string {
  const [problem] = problems
  if (problem !== undefined) return `${problem.migration} is ${problem.kind.replace('-', ' the ')}`
  if (unfinished) return 'unfinished'
  return pending.length === 0 ? 'up to date' : `pending ${pending.join(', ')}`
}
