import { createTenants } from '../../control/index.ts'
import { openContext, systemWithTenants } from '../config/index.ts'
import { defineCommand, flag, integer, text, texts, usageError } from '../framework/index.ts'
import { failureList, tenantTable } from '../screens/index.ts'
import { plural } from '../terminal/index.ts'

export const tenantCreate = defineCommand({
  arguments: [{ name: 'SLUG', summary: 'the name of the tenant, or --count and --prefix', required: false }],
  options: {
    count: integer('N', 'so many tenants, numbered', { min: 1, max: 100_000 }),
    prefix: text('P', 'what numbered slugs begin with: P1, P2 …, going on after the highest'),
    seed: flag('fill them with the seeds'),
    frontendUrl: text('URL', "FRONTEND_URL of the tenant's backend"),
    allowedOrigin: texts('URL', "one of the ALLOWED_ORIGINS of the tenant's backend; may be repeated"),
    appEnvironment: text('NAME', "ENVIRONMENT of the tenant's backend"),
  },
  examples: [
    { line: 'panal tenant create acme --system bo-tech', says: 'a schema, a login, all tables' },
    { line: 'panal tenant create --count 100 --prefix demo --system bo-tech', says: 'demo1 to demo100' },
  ],
  async run(command, options, [slug]) {
    const wanted = wantedTenants(slug, options.count, options.prefix)
    const context = await openContext(command)
    const { frontendUrl, allowedOrigin, appEnvironment, seed } = options
    return createTenants(context, {
      ...wanted,
      system: systemWithTenants(context.config, command.globals),
      seed,
      metadata: {
        ...(frontendUrl === undefined ? {} : { frontendUrl }),
        ...(allowedOrigin.length === 0 ? {} : { allowedOrigins: allowedOrigin }),
        ...(appEnvironment === undefined ? {} : { environment: appEnvironment }),
      },
    })
  },
  render({ tenants, failed, run }, terminal, { context }) {
    const done = tenants.filter(({ status }) => status === 'active')
    const [first] = done
    const failures = failed.map((failure) => ({ migration: '', ...failure }))
    return [
      ...failureList(failures, terminal, context.cwd),
      ...(tenants.length === 0 ? [] : [tenantTable(tenants, terminal), '']),
      `${plural(done.length, 'tenant')} ready${failed.length === 0 ? '' : `, ${failed.length} failed`} (run ${run}).`,
      ...(first === undefined ? [] : [`  panal tenant env ${first.slug} --system ${first.system}`]),
    ].join('\n')
  },
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
})

function wantedTenants(
  slug: string | undefined,
  count: number | undefined,
  prefix: string | undefined,
): { slugs: string[] } | { count: number; prefix: string } {
  if (slug !== undefined && count === undefined && prefix === undefined) return { slugs: [slug] }
  if (slug === undefined && count !== undefined && prefix !== undefined) return { count, prefix }
  throw usageError(
    'panal tenant create needs either SLUG, or --count N together with --prefix P.',
    'See panal tenant create --help.',
  )
}
