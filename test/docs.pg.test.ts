import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { blocksOf, pages, readPage, root } from './docs-blocks.ts'
import { temporaryFolder } from './harness/temporary-folder.ts'

/** The `sh run` blocks of a page are one session: they run in their order, in an empty folder, each line must succeed. */
const sessions = pages().flatMap((page) => {
  const blocks = blocksOf(page, readPage(page)).filter(({ info }) => info === 'sh run')
  return blocks.length === 0 ? [] : [{ page, blocks }]
})

test('some page shows a session', () => assert.ok(sessions.length >= 1))

for (const { page, blocks } of sessions) {
  test(`what ${page} tells to type works`, { timeout: 180_000 }, async () => {
    await using folder = await temporaryFolder()
    const work = join(folder.path, 'work')
    await mkdir(work)
    const environment = await shell(folder.path)
    const script = blocks.map(({ line, text }) => `echo "# ${page}:${line}" >&2\n${text}`).join('\n')
    try {
      const output = await bash(script, work, environment)
      assert.notEqual(output, '')
    } finally {
      // The server belongs to the home; it must not outlive the folder, wherever the session ended.
      await bash(`cd ${work}; cd */ 2>/dev/null || true; panal db stop`, work, environment)
    }
  })
}

/** A PATH where `panal` is this checkout's, with an embedded server of its own. */
async function shell(folder: string): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const launcher = join(bin, 'panal')
  await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/panal.js')}' "$@"\n`)
  await chmod(launcher, 0o755)
  const { DATABASE_URL: _server, PANAL_MASTER_KEY: _key, ...inherited } = process.env
  return { ...inherited, PANAL_HOME: join(folder, 'home'), PATH: `${bin}:${process.env.PATH}` }
}

/** @throws Error with everything that the session printed, when a command fails */
function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`exit ${error.code}\n${stdout}\n${stderr}`))
    })
  })
}
