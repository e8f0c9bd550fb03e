import { type DoctorCheck, doctor as examine } from '../../control/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'
import { type Paint, plural, tableText } from '../terminal/index.ts'

export const doctor = defineCommand({
  options: {},
  examples: [{ line: 'panal doctor', says: 'what stands in the way of working with these servers' }],
  async run(command) {
    return { checks: await examine(await openContext(command)) }
  },
  render({ checks }, terminal) {
    const rows = checks.map(({ verdict, subject, finding, advice }) => [
      { text: verdict, paint: colourOf(verdict, terminal.paint) },
      subject,
      advice === undefined ? finding : `${finding}: ${advice}`,
    ])
    const titles = ['', 'of', 'finding']
    const table = tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)
    const count = (verdict: DoctorCheck['verdict']) =>
      checks.filter((check) => check.verdict === verdict).length
    const wrong = [
      ...(count('problem') > 0 ? [plural(count('problem'), 'problem')] : []),
      ...(count('unknown') > 0 ? [`${count('unknown')} could not be looked at`] : []),
      ...(count('warning') > 0 ? [plural(count('warning'), 'warning')] : []),
    ]
    return `${table}\n\n${plural(checks.length, 'check')}: ${wrong.length === 0 ? 'all is well' : wrong.join(', ')}.`
  },
  exitCode({ checks }) {
    const wrong = checks.filter(({ verdict }) => verdict === 'problem' || verdict === 'unknown')
    if (wrong.some(({ id }) => id === 'connection')) return 3
    return wrong.length > 0 ? 1 : 0
  },
})

function colourOf(verdict: DoctorCheck['verdict'], paint: Paint): (text: string) => string {
  if (verdict === 'ok') return paint.green
  return verdict === 'warning' ? paint.yellow : paint.red
}
