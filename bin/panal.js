#!/usr/bin/env node
// The launcher. An installed package carries built JavaScript in dist/; a clone runs the
// TypeScript sources directly, under the Node 24 of its devDependencies where the machine's own
// Node cannot strip types.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const source = new URL('../src/cli/main.ts', import.meta.url)

// Measured: 80 modules load in 0.18 s without the compile cache, 0.07 s with it.
module.enableCompileCache?.()

if (!existsSync(source)) {
  await import(new URL('../dist/cli/main.js', import.meta.url).href)
} else if (process.features.typescript) {
  await import(source.href)
} else {
  const node = new URL('../node_modules/node/bin/node', import.meta.url)
  if (!existsSync(node)) {
    process.stderr.write('panal: this clone has no dependencies yet. Run: npm ci\n')
    process.exit(2)
  }
  const child = spawn(fileURLToPath(node), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  // A terminal's Ctrl-C reaches both processes; a signal sent to this one alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
