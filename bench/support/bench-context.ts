import { randomBytes } from 'node:crypto'
import { type ControlContext, Databases, silent } from '../../src/control/index.ts'
import { resolveConfig, resolveSystem, type SystemDefinition } from '../../src/model/index.ts'

/** A control context over systems that are described in place, on one server. */
export function benchContext(
  url: string,
  systems: readonly { readonly definition: SystemDefinition<string>; readonly file: string }[],
): ControlContext {
  const resolved = systems.map(({ definition, file }) => resolveSystem(definition, file))
  const config = resolveConfig({ systems: [] }, 'bench', resolved)
  const key = randomBytes(32)
  return {
    config,
    databases: new Databases(config, url),
    secrets: { origin: 'the benchmark', masterKey: async () => key },
    onProgress: silent,
    signal: new AbortController().signal,
  }
}
