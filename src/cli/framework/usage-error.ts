import { nearest, PanalError } from '../../model/index.ts'

/** @returns an error for a command line that cannot be understood */
export function usageError(message: string, remedy: string): PanalError {
  return new PanalError('PANAL_USAGE', message, { remedy })
}

/** `Did you mean "apply"?` where something known is near `word`; then where to look. */
export function suggestion(word: string, known: Iterable<string>, lookUp: string): string {
  const near = nearest(word, known)
  return near === undefined ? `${lookUp}.` : `Did you mean ${near}? Otherwise ${lookUp.replace(/^S/, 's')}.`
}
