import { formatPlace, PanalError } from '../../model/index.ts'

/**
 * Throws what is wrong with files: the first problem as it is, the others as lines below it, so that
 * a person mends all of them at once.
 */
export function throwFileProblems(problems: readonly PanalError[]): void {
  const [first, ...others] = problems
  if (first === undefined) return
  if (others.length === 0) throw first
  const lines = others.map((problem) => {
    const place = problem.place === undefined ? '' : `${formatPlace(problem.place)}  `
    return `${place}${problem.code}  ${problem.message}`
  })
  throw new PanalError(first.code, first.message, {
    ...(first.place === undefined ? {} : { place: first.place }),
    remedy: first.remedy,
    details: [...first.details, '', `${others.length} more:`, ...lines],
    cause: first.cause,
  })
}
