import { runPlatformSeeds } from '../../control/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand, integer } from '../framework/index.ts'
import { formatCount, formatDuration, plural, tableText } from '../terminal/index.ts'

export const seed = defineCommand({
  options: { scale: integer('N', 'how much to make, in multiples of the usual; default: 1', { min: 1 }) },
  examples: [
    { line: 'panal seed --system acc-lms', says: 'fill one system with data to look at' },
    { line: 'panal seed --scale 10', says: 'ten times as much' },
  ],
  async run(command, { scale = 1 }) {
    const context = await openContext(command)

    const selection = selectionOf(command.globals)
    return { seeded: await runPlatformSeeds(context, { selection, scale }) }
  },
  render({ seeded }, terminal) {
    const rows = seeded.flatMap(({ target, files }) =>
      files.map(({ file, rows: count, durationMs }) => [
        target,
        file,
        formatCount(count),
        formatDuration(durationMs),
      ]),
    )
    if (rows.length === 0) return 'There are no seeds: no service has a file in its seeds folder.'
    const columns = [
      { title: 'target' },
      { title: 'file' },
      { title: 'rows', align: 'right' as const },
      { title: 'time', align: 'right' as const },
    ]
    return `${tableText({ columns, rows }, terminal)}\n\n${plural(rows.length, 'file')} ran.`
  },
})
