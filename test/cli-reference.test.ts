import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { commandTable } from '../src/cli/commands/index.ts'
import { globalOptions, type OptionTable, optionFlag } from '../src/cli/framework/index.ts'

/**
 * The commands' part of docs/reference/cli.md is generated from what the commands themselves say.
 * After a change: UPDATE_REFERENCE=1 node --test test/cli-reference.test.ts
 */
const page = new URL('../docs/reference/cli.md', import.meta.url)
const MARKER = '<!-- Generated from here on by test/cli-reference.test.ts. -->\n'

function optionRows(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { placeholder, short, summary }]) => {
    const spelled = `${optionFlag(name)}${placeholder === null ? '' : ` ${placeholder}`}`
    const both = short === undefined ? `\`${spelled}\`` : `\`${spelled}\`, \`-${short}\``
    return `| ${both} | ${summary.replaceAll('|', '\\|')} |`
  })
  return rows.length === 0 ? '' : `| option | |\n| --- | --- |\n${rows.join('\n')}\n`
}

async function reference(): Promise<string> {
  const sections = [`\n## Options of every command\n\n${optionRows(globalOptions)}\n## Commands\n`]
  for (const entry of commandTable) {
    const command = await entry.load()
    const words = command.arguments.map(({ name, required }) => ` ${required ? name : `[${name}]`}`)
    const explained = command.arguments.map(({ name, summary }) => `- \`${name}\`: ${summary}`)
    const examples = command.examples.flatMap(({ line, says }) => [`# ${says}`, line])
    const parts = [
      `### \`panal ${entry.name}${words.join('')}\``,
      `${entry.summary.charAt(0).toUpperCase()}${entry.summary.slice(1)}.`,
      explained.join('\n'),
      optionRows(command.options).trimEnd(),
      `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
    ]
    sections.push(`\n${parts.filter((part) => part !== '').join('\n\n')}\n`)
  }
  return sections.join('')
}

test('docs/reference/cli.md says of the commands what they say of themselves', async () => {
  const [head = ''] = readFileSync(page, 'utf8').split(MARKER)
  const wanted = `${head}${MARKER}${await reference()}`
  if (process.env.UPDATE_REFERENCE === '1') writeFileSync(page, wanted)
  assert.equal(readFileSync(page, 'utf8'), wanted, 'run it with UPDATE_REFERENCE=1')
})
