import { showTenant } from '../../control/index.ts'
import { openContext, systemWithTenants } from '../config/index.ts'
import { defineCommand, requiredWord } from '../framework/index.ts'
import { tenantPage } from '../screens/index.ts'

export const tenantShow = defineCommand({
  arguments: [{ name: 'SLUG', summary: 'the tenant', required: true }],
  options: {},
  examples: [{ line: 'panal tenant show acme --system bo-tech', says: 'one tenant with all that is known' }],
  async run(command, _options, words) {
    const context = await openContext(command)
    const system = systemWithTenants(context.config, command.globals)
    return { tenants: [await showTenant(context, { system, slug: requiredWord(words, 0) })] }
  },
  render: ({ tenants }, terminal) => tenants.map((tenant) => tenantPage(tenant, terminal)).join('\n'),
})
