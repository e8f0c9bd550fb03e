import { formatEnvironmentFile, roleEnv, serviceEnv, tenantEnv } from '../../control/index.ts'
import { openContext, systemWithRole, systemWithService } from '../config/index.ts'
import { defineCommand, text, usageError } from '../framework/index.ts'

export const env = defineCommand({
  options: { role: text('NAME', "a login of the system's roles, instead of a service's") },
  examples: [
    {
      line: 'panal env --system acc-lms --service courses',
      says: 'the .env of a service: it holds a password',
    },
    {
      line: 'psql "$(panal env --service courses --json | jq -r .variables.DATABASE_URL)"',
      says: 'log in as the service',
    },
  ],
  async run(command, { role }) {
    const { service, tenant: slug } = command.globals
    if (role !== undefined) {
      const context = await openContext(command)
      const system = systemWithRole(context.config, command.globals, role)
      return { variables: await roleEnv(context, { system, role }) }
    }
    if (service === undefined) {
      throw usageError(
        'panal env needs --service NAME or --role NAME.',
        'Write panal env --service NAME [--system NAME].',
      )
    }
    const context = await openContext(command)
    const system = systemWithService(context.config, command.globals, service)
    const variables =
      slug === undefined
        ? await serviceEnv(context, { system, service })
        : await tenantEnv(context, { system, service, slug })
    return { variables }
  },
  render: ({ variables }) => formatEnvironmentFile({ ...variables }),
})
