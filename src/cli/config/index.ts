export { configFolder, findConfig, isTypeScript } from './find-config.ts'
export { loadConfig } from './load-config.ts'
export { type ContextOptions, openContext } from './open-context.ts'
