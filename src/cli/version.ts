import { readFileSync } from 'node:fs'

/** Panal's own version. package.json stands two folders up, from src/cli as from dist/cli. */
export function panalVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
