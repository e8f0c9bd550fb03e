import { type ApplyOptions, applyPlatform, isConverged, type PlatformPlan } from '../../control/index.ts'
import { PanalError } from '../../model/index.ts'
import { openContext, selectionOf } from '../config/index.ts'
import { type CommandContext, defineCommand, flag } from '../framework/index.ts'
import { failureList, orphanLines } from '../screens/index.ts'
import { formatDuration, plural, printable } from '../terminal/index.ts'

export const apply = defineCommand({
  options: {
    yes: flag('agree to what would be asked', 'y'),
    adopt: flag("take over what exists under declared names and is not Panal's"),
    prune: flag('drop what left the model, asking object by object'),
    seed: flag('run the seeds after the migrations'),
  },
  examples: [
    { line: 'panal apply', says: 'bring the server to the model' },
    { line: 'panal apply --system acc-lms --yes', says: 'one system, from a pipeline' },
  ],
  async run(command, options) {
    const context = await openContext(command)
    const agreement = options.yes ? {} : { confirm: confirmPlan(command, context.embedded) }
    return applyPlatform(context, {
      selection: selectionOf(command.globals),
      adopt: options.adopt,
      seed: options.seed,
      ...agreement,
      ...(options.prune ? { prune: pruneBy(command, options.yes) } : {}),
    })
  },
  render(result, terminal, { context }) {
    const { paint } = terminal
    const { applied, migrated, failed, pruned, seeded } = result
    const seeds = seeded.reduce((sum, { files }) => sum + files.length, 0)
    const parts = [plural(applied - migrated, 'step'), plural(migrated, 'migration')]
    if (seeds > 0) parts.push(plural(seeds, 'seed file'))
    const notes = [
      ...pruned.map(({ kind, name }) => `dropped ${kind} ${name}`),
      ...orphanLines(result.orphans).map((line) => `${line}; drop it with panal apply --prune`),
      ...result.unreachable.map(({ sql, role }) => `only ${role} can run: ${sql}`),
      ...result.foreign.map(
        ({ subject, grantee, grantor }) => `left alone: ${subject} to ${grantee}, granted by ${grantor}`,
      ),
    ]
    const time = formatDuration(result.seconds * 1000)
    const summary =
      applied === 0 && seeds === 0 && failed.length === 0
        ? `Nothing to do: the server is as the model describes it (${time}).`
        : `${parts.join(', ')} done${failed.length === 0 ? '' : `, ${failed.length} failed`} in ${time} (run ${result.run}).`
    return [
      ...failureList(failed, terminal, context.cwd),
      ...notes.map((line) => `${paint.yellow('!')} ${printable(line)}`),
      ...(failed.length + notes.length > 0 ? [''] : []),
      summary,
    ].join('\n')
  },
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
})

/**
 * Somebody must agree to what is taken away; and on a database that is not this person's own,
 * somebody must be there at all (or `--yes`).
 */
function confirmPlan(command: CommandContext, embedded: boolean): NonNullable<ApplyOptions['confirm']> {
  return async (plan: PlatformPlan) => {
    const asking = plan.steps.filter((step) => step.asks !== undefined)
    if (asking.length === 0 && (embedded || command.canAsk || isConverged(plan))) return
    const shown = asking.length === 0 ? plan.steps : asking
    const steps = shown.map(({ system, subject, reason, action }) =>
      action === 'remove' ? `remove ${subject} (${system}: ${reason})` : `${subject} (${system}: ${reason})`,
    )
    const question =
      asking.length === 0
        ? 'This is not the embedded PostgreSQL: go on?'
        : `${plural(asking.length, 'step')} above would take something away: go on?`
    if (await command.ask(question, steps)) return
    throw new PanalError('PANAL_CONFIRMATION_NEEDED', 'The answer was no; nothing was done.', {
      remedy: 'Run it again and answer y, or add --yes.',
    })
  }
}

/** @throws PANAL_CONFIRMATION_NEEDED before anything is done, where nobody could be asked later */
function pruneBy(command: CommandContext, yes: boolean): NonNullable<ApplyOptions['prune']> {
  if (yes) return async () => true
  if (!command.canAsk) {
    throw new PanalError(
      'PANAL_CONFIRMATION_NEEDED',
      '--prune asks about every object, and there is no terminal to ask on.',
      { remedy: 'Look at the orphans of panal plan, then add --yes.' },
    )
  }
  return async (orphan) => {
    const [line = ''] = orphanLines([orphan])
    return command.ask(`Drop ${orphan.kind} ${orphan.name}, with everything in it?`, [line])
  }
}
