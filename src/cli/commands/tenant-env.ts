import { tenantEnv as environmentOf, formatEnvironmentFile } from '../../control/index.ts'
import { openContext, systemWithTenants } from '../config/index.ts'
import { defineCommand, requiredWord } from '../framework/index.ts'

export const tenantEnv = defineCommand({
  arguments: [{ name: 'SLUG', summary: 'the tenant', required: true }],
  options: {},
  examples: [
    {
      line: 'panal tenant env acme --system bo-tech > acme.env',
      says: "the .env of the tenant's backend: it holds a password and a secret key",
    },
  ],
  async run(command, _options, words) {
    const context = await openContext(command)
    const { service } = command.globals
    const system = systemWithTenants(context.config, command.globals)
    const variables = await environmentOf(context, {
      system,
      slug: requiredWord(words, 0),
      ...(service === undefined ? {} : { service }),
    })
    return { variables }
  },
  render: ({ variables }) => formatEnvironmentFile({ ...variables }),
})
