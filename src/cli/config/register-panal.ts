import module from 'node:module'

/**
 * Where `import 'panal'` leads in a configuration: to the Panal that runs, be it a clone, a
 * project's dependency or a global install that the user's folder cannot resolve. Two copies of the
 * model would also disagree about `instanceof`.
 */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
const ownModules: ReadonlyMap<string, string> = new Map([
  ['panal', new URL(`../../model/index${extension}`, import.meta.url).href],
  ['panal/control', new URL(`../../control/index${extension}`, import.meta.url).href],
])

/** Files that were asked for by name: configurations and systems. They are ES modules whatever package they lie in. */
const entries = new Set<string>()
let registered = false

/**
 * Prepares Node to import a configuration or a system. Without `module.registerHooks` (before Node
 * 22.15) `import 'panal'` is left to Node, which needs the package installed beside the file.
 *
 * @param url of the file
 */
export function registerPanal(url: string): void {
  entries.add(url)
  if (registered || typeof module.registerHooks !== 'function') return
  registered = true
  module.registerHooks({
    resolve(specifier, context, next) {
      const own = ownModules.get(specifier)
      if (own !== undefined) return { url: own, shortCircuit: true }
      const resolved = next(specifier, context)
      // Without this, Node guesses the format of a file outside any package and warns about it.
      const guessed = resolved.format === undefined || resolved.format === null
      return guessed && entries.has(resolved.url) && resolved.url.endsWith('.ts')
        ? { ...resolved, format: 'module-typescript' }
        : resolved
    },
  })
}
