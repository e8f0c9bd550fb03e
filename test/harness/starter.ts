// A process of its own that calls startEmbedded(argument) and prints what came of it, as JSON.

import { startEmbedded } from '../../src/embedded/index.ts'
import { PanalError } from '../../src/model/index.ts'

try {
  process.stdout.write(JSON.stringify(await startEmbedded(process.argv[2]!)))
} catch (error) {
  if (!(error instanceof PanalError)) throw error
  const { code, message, exitCode, remedy } = error
  process.stdout.write(JSON.stringify({ code, message, exitCode, remedy }))
}
