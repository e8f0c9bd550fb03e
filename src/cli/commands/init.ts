import { join, relative, resolve } from 'node:path'
import { defineCommand } from '../framework/index.ts'
import { writeScaffold } from '../scaffold/index.ts'

export const init = defineCommand({
  arguments: [
    {
      name: 'DIR',
      summary: 'where to write, made if it is missing; default: the current folder',
      required: false,
    },
  ],
  options: {},
  examples: [
    { line: 'panal init shop && cd shop && panal apply', says: 'from nothing to two services that run' },
  ],
  async run({ cwd }, _options, [directory = '.']) {
    const folder = resolve(cwd, directory)
    const scaffold = await writeScaffold(folder)
    const fromHere = (files: readonly string[]) => files.map((file) => relative(cwd, join(folder, file)))
    return {
      files: fromHere(scaffold.written),
      kept: fromHere(scaffold.kept),
      extended: fromHere(scaffold.extended),
      folder,
    }
  },
  render({ files, kept, extended, folder }, { paint }, { context }) {
    const enter = relative(context.cwd, folder)
    return [
      ...files.map((file) => `  ${paint.green('+')} ${file}`),
      ...extended.map((file) => `  ${paint.yellow('~')} ${file}   now leaves out .panal/`),
      ...kept.map((file) => `  · ${file}   was there, stays as it is`),
      '',
      'Next',
      ...(enter === '' ? [] : [`  cd ${enter}`]),
      '  panal apply',
    ].join('\n')
  },
})
