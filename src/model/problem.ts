import { type ErrorCode, PanalError } from './errors.ts'

/** One thing wrong in a description: `path` leads to it from the root, as it would be typed. */
export interface Problem {
  readonly path: string
  readonly message: string
}

/** Collects problems so that a person sees every one of them at once. */
export class ProblemList {
  readonly #problems: Problem[] = []

  add(path: string, message: string): void {
    this.#problems.push({ path, message })
  }

  /** Adds a problem when there is a message. */
  addUnlessFine(path: string, message: string | undefined): void {
    if (message !== undefined) this.add(path, message)
  }

  get all(): readonly Problem[] {
    return this.#problems
  }
}

/** @throws PANAL_MODEL_INVALID or PANAL_CONFIG_INVALID naming every problem with its path. */
export function throwProblems(code: ErrorCode, file: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw problemsError(code, file, problems)
}

/** The error that names every problem with its path. */
export function problemsError(code: ErrorCode, file: string, problems: readonly Problem[]): PanalError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new PanalError(code, `${file} has ${count}.`, {
    place: { file },
    details: problems.map((problem) => `${problem.path}: ${problem.message}`),
  })
}
