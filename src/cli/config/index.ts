export { configFolder, findConfig, isTypeScript } from './find-config.ts'
export { loadConfig } from './load-config.ts'
export { type ContextOptions, type OpenedContext, openContext } from './open-context.ts'
export { selectionFlags, selectionOf } from './selection.ts'
