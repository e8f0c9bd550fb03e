import { type RunReport, runReport } from '../../control/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand, requiredWord } from '../framework/index.ts'
import { runScreen } from '../screens/index.ts'

export const runsShow = defineCommand({
  arguments: [{ name: 'ID', summary: 'the id that panal runs lists, such as r-7f3a', required: true }],
  options: {},
  examples: [{ line: 'panal runs show r-7f3a', says: 'how a run ended, and what failed in it' }],
  async run(command, _options, words): Promise<{ readonly runs: readonly RunReport[] }> {
    const id = requiredWord(words, 0)
    return { runs: [await runReport(await openContext(command), id)] }
  },
  render: ({ runs: [report] }, terminal, { context }) =>
    report === undefined ? '' : runScreen(report, terminal, context.cwd),
})
