import { type Config, placementOf, type System, type Target, targetOf } from '../../model/index.ts'
import { tenantServices } from './find-system.ts'

/** The targets that a tenant has: one for each service with a schema per tenant, in the model's order. */
export function tenantTargets(config: Config, system: System, slug: string): readonly Target[] {
  return tenantServices(system).map((service) =>
    targetOf(service, slug, placementOf(config, system, service.name, slug)),
  )
}
