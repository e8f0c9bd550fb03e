import { dirname } from 'node:path'
import { applyPlatform, type ControlContext, createTenants, listTenants } from '../../control/index.ts'
import { listRuns, requireRegistry } from '../../control/state/index.ts'
import { embeddedStatus, panalHome } from '../../embedded/index.ts'
import { PanalError } from '../../model/index.ts'
import { openContext } from '../config/index.ts'
import { demoConfigFile, demoScreen, demoTenants, describeSystems, shippedSystems } from '../demo/index.ts'
import { defineCommand, usageError } from '../framework/index.ts'
import { type Failure, failureList } from '../screens/index.ts'

export const demo = defineCommand({
  options: {},
  examples: [{ line: 'panal demo', says: 'every system that ships with Panal, on an embedded PostgreSQL' }],
  async run(command) {
    const started = performance.now()
    const { environment, onProgress, cwd } = command
    const file = demoConfigFile(cwd, command.globals.config)
    if (environment.DATABASE_URL) {
      onProgress({ kind: 'note', line: 'DATABASE_URL is set; the demo does not use it.' })
    }
    const globals = { ...command.globals, config: file }
    const context = await openContext({ ...command, globals }, { embeddedOnly: true })
    refuseOthers(context)
    const failed = await standUp(context)
    const server = await embeddedStatus(panalHome(dirname(file)))
    if (!server.running) throw new PanalError('PANAL_EMBEDDED_START', 'The embedded PostgreSQL has ended.')
    const { version, dataDir, port } = server
    const systems = failed.length > 0 ? [] : await describeSystems(context)
    return { failed, systems, version, dataDir, port, seconds: (performance.now() - started) / 1000 }
  },
  render: (result, terminal, { context }) =>
    result.failed.length === 0
      ? demoScreen(result, terminal)
      : failureList(result.failed, terminal, context.cwd).join('\n'),
  exitCode: ({ failed }) => (failed.length > 0 ? 1 : 0),
})

/** Seeds must not reach a system of the user's own. */
function refuseOthers({ config }: ControlContext): void {
  const other = config.systems.find(({ file }) => !file.startsWith(shippedSystems))
  if (other === undefined) return
  throw usageError(
    `${config.file} describes a system of your own (${other.name}), which the demo would fill with its data.`,
    'Run panal demo in an empty folder.',
  )
}

/**
 * Everything applied, seeded, and the demo's tenants there; what stands already stays.
 *
 * @returns what failed; the first failure ends it
 */
async function standUp(context: ControlContext): Promise<readonly Failure[]> {
  const applied = await applyPlatform(context)
  if (applied.failed.length > 0) return applied.failed
  if (applied.migrated > 0 || !(await wasSeeded(context))) await applyPlatform(context, { seed: true })
  const tenants = await listTenants(context)
  for (const { name } of context.config.systems) {
    const ready = tenants.filter(({ system, status }) => system === name && status !== 'provisioning')
    const slugs = (demoTenants[name] ?? []).filter((slug) => !ready.some((tenant) => tenant.slug === slug))
    if (slugs.length === 0) continue
    const { failed } = await createTenants(context, { system: name, slugs, seed: true })
    if (failed.length > 0) return failed.map((failure) => ({ migration: '', ...failure }))
  }
  return []
}

/** Seeds bear being run again, but take their time; a start that was cut off has not recorded them. */
async function wasSeeded(context: ControlContext): Promise<boolean> {
  await using registry = await requireRegistry(context)
  const runs = await listRuns(registry, 1000)
  return runs.some(
    ({ kind, status, options }) => status === 'succeeded' && kind === 'apply' && options.seed === true,
  )
}
