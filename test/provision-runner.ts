// A process of its own that applies systems of test/fixtures: URL of an operator, folder of their files,
// names. Prints what came of it as JSON.

import { PanalError, type SystemDefinition } from '../src/model/index.ts'
import { campus } from './fixtures/campus.ts'
import { salon } from './fixtures/salon.ts'
import { describePlatform } from './provision-fixture.ts'

const [url = '', folder = '', names = ''] = process.argv.slice(2)
const known: Readonly<Record<string, SystemDefinition<string>>> = { campus, salon }
const systems = names.split(',').map((name) => known[name]!)
try {
  const { failed, applied, orphans } = await describePlatform(folder, { systems }, url).apply()
  process.stdout.write(JSON.stringify({ failed, applied, orphans }))
} catch (error) {
  if (!(error instanceof PanalError)) throw error
  const { code, message, details } = error
  process.stdout.write(JSON.stringify({ code, message, details }))
}
