import { listTenants } from '../../control/index.ts'
import { openContext } from '../config/index.ts'
import { defineCommand } from '../framework/index.ts'
import { tenantTable } from '../screens/index.ts'

export const tenantList = defineCommand({
  options: {},
  examples: [{ line: 'panal tenant list --system bo-tech', says: 'every tenant, its version and size' }],
  async run(command) {
    const { system } = command.globals
    const context = await openContext(command)
    return { tenants: await listTenants(context, system.length === 0 ? {} : { systems: system }) }
  },
  render: ({ tenants }, terminal) =>
    tenants.length === 0
      ? 'There is no tenant yet. Make one with: panal tenant create SLUG'
      : tenantTable(tenants, terminal),
})
