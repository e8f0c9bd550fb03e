import { PanalError } from '../model/index.ts'

/** Whatever was thrown, as an error of the registry. Only a defect of Panal itself shows a stack. */
export function toPanalError(thrown: unknown): PanalError {
  if (thrown instanceof PanalError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return new PanalError('PANAL_INTERNAL', `${error.name}: ${error.message}`, {
    cause: thrown,
    details: stack.map((line) => line.trim()),
  })
}

/** The document that `--json` prints instead of a result. */
export function errorDocument(error: PanalError): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.place === undefined ? {} : { place: error.place }),
      ...(error.details.length === 0 ? {} : { details: error.details }),
      remedy: error.remedy,
    },
  }
}
