import type { ObjectDrift, TargetDrift } from '../../control/index.ts'
import type { Terminal } from '../terminal/index.ts'

/** Targets whose differences are spelled out; a thousand of one kind say nothing that these do not. */
const TARGETS_SHOWN = 10
/** Lines of one definition that are shown: a body that was rewritten is looked up in --json. */
const LINES_SHOWN = 12

/** What stands and what should, object by object, of each target that drifted; why, of each that nobody could compare. */
export function driftLines(drifts: readonly TargetDrift[], { paint }: Terminal): readonly string[] {
  const drifted = drifts.filter((drift) => drift.drifted === true)
  const unknown = drifts.filter((drift) => drift.drifted === null)
  const shown = drifted
    .slice(0, TARGETS_SHOWN)
    .flatMap(({ target, differences }) => [
      '',
      paint.red(`${target} has drifted:`),
      ...differences.flatMap((difference) => [
        `  ${difference.object}: ${difference.change}`,
        ...definitionLines(difference).map((line) =>
          (line.startsWith('-') ? paint.red : paint.green)(`    ${line}`),
        ),
      ]),
    ])
  const more = drifted.length - TARGETS_SHOWN
  return [
    ...shown,
    ...(more > 0 ? ['', `… and ${more} more: panal status --drift --json`] : []),
    ...(unknown.length > 0 ? [''] : []),
    ...unknown.map(({ target, unknown: reason }) => paint.yellow(`${target} was not compared: ${reason}`)),
  ]
}

/** `-` what the migrations make, `+` what stands; the lines that both begin or end with are left out. */
export function definitionLines({ expected, actual }: ObjectDrift): readonly string[] {
  const [before, after] = [linesOf(expected), linesOf(actual)]
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const left = Math.min(before.length, after.length) - start
  while (end < left && before.at(-1 - end) === after.at(-1 - end)) end++
  return [
    ...limited(before.slice(start, before.length - end)).map((line) => `- ${line}`),
    ...limited(after.slice(start, after.length - end)).map((line) => `+ ${line}`),
  ]
}

const linesOf = (definition: string | undefined): readonly string[] =>
  definition === undefined || definition === '' ? [] : definition.split('\n')

const limited = (lines: readonly string[]): readonly string[] =>
  lines.length <= LINES_SHOWN
    ? lines
    : [...lines.slice(0, LINES_SHOWN), `… ${lines.length - LINES_SHOWN} more lines`]
