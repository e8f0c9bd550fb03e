import { findRun, requireRegistry } from '../../control/state/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand, requiredWord, usageError } from '../framework/index.ts'
import { failureList } from '../screens/index.ts'
import { formatDuration, formatMoment, padEnd, printable } from '../terminal/index.ts'

export const runsShow = defineCommand({
  arguments: [{ name: 'ID', summary: 'the id that panal runs lists, such as r-7f3a', required: true }],
  options: {},
  examples: [{ line: 'panal runs show r-7f3a', says: 'how a run ended, and what failed in it' }],
  async run(command, _options, words) {
    const id = requiredWord(words, 0)
    const context = await openContext(command)
    await using registry = await requireRegistry(context)
    const record = await findRun(registry, id)
    if (record === null) throw usageError(`There is no run ${id}.`, 'See panal runs.')
    return { runs: [record] }
  },
  render({ runs: [record] }, terminal, { context }) {
    if (record === undefined) return ''
    const { startedAt, finishedAt, summary } = record
    const { failed, ...counts } = summary ?? {}
    const facts: [string, string][] = [
      ['status', record.status],
      ['began', formatMoment(startedAt)],
      ...(finishedAt === null
        ? []
        : [['took', formatDuration(finishedAt.getTime() - startedAt.getTime())] as [string, string]]),
      ['who', `${record.actor} (${record.host})`],
      ['asked', JSON.stringify(record.options)],
      ...Object.entries(counts).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ]
    const lines = facts.map(([name, value]) => `  ${padEnd(name, 18)} ${printable(value)}`)
    const failures = Array.isArray(failed) ? ['', ...failureList(failed, terminal, context.cwd)] : []
    return [`${terminal.paint.bold(record.id)}   ${record.kind}`, ...lines, ...failures].join('\n')
  },
})
