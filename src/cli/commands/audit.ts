import { auditLog } from '../../control/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand, integer, moment, text } from '../framework/index.ts'
import { formatMoment, tableText } from '../terminal/index.ts'

export const audit = defineCommand({
  options: {
    since: moment('WHEN', 'a date, an ISO time, or how long ago: 90min, 24h, 7d; default: the beginning'),
    action: text('ACTION', 'one action (role.create), or all of a noun (role)'),
    limit: integer('N', 'at most so many, the latest; default: 1,000', { min: 1, max: 100_000 }),
  },
  examples: [
    { line: 'panal audit --since 24h', says: 'what was done to the platform since yesterday, and by whom' },
    { line: 'panal audit --action role --json', says: 'everything about roles, for a program' },
  ],
  async run(command, { since, action, limit }) {
    const context = await openContext(command)
    const filter = {
      ...(since === undefined ? {} : { since }),
      ...(action === undefined ? {} : { action }),
      ...(limit === undefined ? {} : { limit }),
    }
    return { entries: await auditLog(context, filter) }
  },
  render({ entries }, terminal) {
    if (entries.length === 0) return 'Nothing is recorded that fits.'
    const rows = entries.map(({ at, actor, host, action, subject, run }) => [
      formatMoment(at),
      `${actor} (${host})`,
      action,
      subject,
      run ?? '',
    ])
    const titles = ['when', 'who', 'action', 'subject', 'run']
    return tableText({ columns: titles.map((title) => ({ title })), rows }, terminal)
  },
})
