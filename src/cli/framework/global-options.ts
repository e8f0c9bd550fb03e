import { flag, type OptionValues, text, texts } from './option.ts'

/** Options that every command has. */
export const globalOptions = {
  config: text('FILE', 'the configuration; default: panal.config.ts here or in a folder above'),
  env: text('NAME', 'the environment; default: development'),
  system: texts('NAME', 'only this system; may be repeated'),
  service: text('NAME', 'only this service'),
  tenant: text('SLUG', 'only this tenant'),
  json: flag('print one JSON document; progress goes to stderr'),
  quiet: flag('print no progress', 'q'),
  help: flag('show this help', 'h'),
}

export type GlobalOptions = OptionValues<typeof globalOptions>
