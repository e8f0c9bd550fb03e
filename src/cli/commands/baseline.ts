import { baselinePlatform } from '../../control/index.ts'
import { formatTarget } from '../../model/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { defineCommand, text, usageError } from '../framework/index.ts'
import { plural, tableText } from '../terminal/index.ts'

export const baseline = defineCommand({
  options: { to: text('VERSION', 'the last version that the schemas hold already (required)') },
  examples: [
    {
      line: 'panal baseline --system shop --service catalog --to 007',
      says: 'adopt a schema that was made without Panal',
    },
  ],
  async run(command, { to }) {
    if (to === undefined) {
      throw usageError(
        'panal baseline needs --to VERSION: the last version that the schemas hold already.',
        'See panal baseline --help.',
      )
    }
    const selection = selectionOf(command.globals)
    const done = await baselinePlatform(await openContext(command), { selection, to })
    return { targets: done.map(({ target, versions }) => ({ target: formatTarget(target), versions })) }
  },
  render({ targets }, terminal) {
    const rows = targets.map(({ target, versions }) => [target, String(versions)])
    const columns = [{ title: 'target' }, { title: 'versions', align: 'right' as const }]
    return `${tableText({ columns, rows }, terminal)}\n\n${plural(targets.length, 'target')} recorded; nothing was run.`
  },
})
