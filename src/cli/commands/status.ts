import { platformDrift, platformStatus, type StatusRow, type TargetDrift } from '../../control/index.ts'
import { formatTarget } from '../../model/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand, flag } from '../framework/index.ts'
import { driftLines, fleetStateLines } from '../screens/index.ts'
import { plural, tableText } from '../terminal/index.ts'

/** A target, and with --drift how it compares with what its migrations make. */
type Row = StatusRow & Partial<Omit<TargetDrift, 'target' | 'drifted'>> & { readonly drifted?: boolean }

export const status = defineCommand({
  options: {
    drift: flag('compares every schema with what its migrations make, object by object'),
  },
  examples: [
    { line: 'panal status', says: 'every target: where it lives, its version, what is pending' },
    {
      line: "panal status --json | jq '.targets[] | select(.pending | length > 0)'",
      says: 'what is behind',
    },
    { line: 'panal status --drift', says: 'what somebody changed by hand; exit 1 when there is something' },
  ],
  async run(command, options): Promise<{ targets: readonly Row[] }> {
    const [context, selection] = [await openContext(command), selectionOf(command.globals)]
    const targets = await platformStatus(context, selection)
    if (!options.drift) return { targets }
    const drifts = new Map((await platformDrift(context, selection)).map((drift) => [drift.target, drift]))
    return { targets: targets.map((row) => withDrift(row, drifts.get(nameOf(row)))) }
  },
  render({ targets }, terminal, { options, context }) {
    const { paint } = terminal
    if (targets.length === 0) return 'There is no target yet: the first tenant makes one.'
    const rows = targets.map((target) => {
      const text = stateOf(target)
      const wrong = target.problems.length > 0 || target.failedRun !== undefined || target.drifted === true
      const colour = text === 'up to date' ? paint.dim : wrong ? paint.red : paint.yellow
      return [nameOf(target), target.database, target.schema, target.version ?? '–', { text, paint: colour }]
    })
    const titles = ['target', 'database', 'schema', 'version', 'state']
    const table = tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)
    const drift = options.drift ? driftLines(targets.map(driftOf), terminal) : []
    const fleet = fleetStateLines(targets, terminal, context.cwd)
    return [table, ...drift, '', ...fleet, summaryOf(targets, options.drift)].join('\n')
  },
  exitCode: ({ targets }, { drift }) =>
    targets.some(({ problems, drifted }) => problems.length > 0 || (drift && drifted !== false)) ? 1 : 0,
})

const nameOf = (row: StatusRow): string => formatTarget({ ...row, tenant: row.tenant ?? null })

/** `drifted` is left out where nobody could tell; `unknown` then says why. */
function withDrift(row: StatusRow, drift: TargetDrift | undefined): Row {
  if (drift === undefined) return { ...row, unknown: 'it appeared while panal looked' }
  const { target: _, drifted, ...rest } = drift
  return { ...row, ...rest, ...(drifted === null ? {} : { drifted }) }
}

const driftOf = (row: Row): TargetDrift => ({
  target: nameOf(row),
  fingerprint: row.fingerprint ?? null,
  drifted: row.drifted ?? null,
  differences: row.differences ?? [],
  ...(row.unknown === undefined ? {} : { unknown: row.unknown }),
})

function stateOf({ provisioned, pending, unfinished, problems, drifted, failedRun }: Row): string {
  if (problems.length > 0) return problems.join('; ')
  if (!provisioned) return 'not provisioned'
  if (unfinished) return 'unfinished'
  const behind = `${failedRun === undefined ? '' : `failed in ${failedRun.run}, `}pending ${pending.join(', ')}`
  const state = pending.length === 0 ? 'up to date' : behind
  return drifted === true ? `${state}, drifted` : state
}

function summaryOf(targets: readonly Row[], withDrifts: boolean): string {
  const missing = targets.filter(({ provisioned }) => !provisioned).length
  const behind = targets.filter(({ provisioned, pending }) => provisioned && pending.length > 0).length
  const drifted = targets.filter((target) => target.drifted === true).length
  const unknown = targets.filter((target) => target.drifted === undefined).length
  const parts = [
    ...(missing > 0 ? [`${missing} not provisioned: panal apply`] : []),
    ...(behind > 0 ? [`${behind} behind: panal migrate`] : []),
  ]
  const versions = `${plural(targets.length, 'target')}, ${parts.length === 0 ? 'all up to date' : parts.join(', ')}`
  if (!withDrifts) return `${versions}.`
  const found = drifted === 0 ? 'no drift' : `${drifted} drifted`
  return `${versions}; ${found}${unknown === 0 ? '' : `, ${unknown} not compared`}.`
}
