import { listRuns, openRegistry } from '../../control/state/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand, integer } from '../framework/index.ts'
import { formatDuration, formatMoment, tableText } from '../terminal/index.ts'

export const runs = defineCommand({
  options: { limit: integer('N', 'at most so many, the latest; default: 50', { min: 1, max: 10_000 }) },
  examples: [{ line: 'panal runs', says: 'what was executed lately, by whom, and how it ended' }],
  async run(command, { limit }) {
    const context = await openContext(command)
    await using registry = await openRegistry(context)
    return { runs: registry === null ? [] : await listRuns(registry, limit) }
  },
  render({ runs: records }, terminal) {
    if (records.length === 0) return 'Nothing ran yet.'
    const { paint } = terminal
    const rows = records.map((record) => {
      const { id, kind, status, startedAt, finishedAt, actor } = record
      const colour = status === 'succeeded' ? paint.green : status === 'running' ? paint.cyan : paint.red
      const took = finishedAt === null ? '' : formatDuration(finishedAt.getTime() - startedAt.getTime())
      return [id, kind, { text: status, paint: colour }, formatMoment(startedAt), took, actor]
    })
    const titles = ['run', 'what', 'status', 'began', 'took', 'who']
    return tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)
  },
})
