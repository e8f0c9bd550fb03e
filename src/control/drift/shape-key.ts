import { createHash } from 'node:crypto'
import type { System } from '../../model/index.ts'
import { FINGERPRINT_ALGORITHM } from '../catalog/index.ts'
import type { AppliedFile } from '../state/index.ts'

export interface ShapeOrigin {
  readonly system: System
  readonly service: string
  readonly applied: readonly Pick<AppliedFile, 'item' | 'checksum'>[]
  readonly serverMajor: number
  /** `name in schema`, of those that the system declares and the database has: files may look for them. */
  readonly extensions: readonly string[]
}

/** A hash of everything that the shape of a target follows from: files, model, server, algorithm. */
export function shapeKey({ system, service, applied, serverMajor, extensions }: ShapeOrigin): string {
  const files = applied.map(({ item, checksum }) => `${item} ${checksum}`).sort()
  // Policies, owners and schemas come from the model. Functions of it name tenants, which tokens stand for.
  const model = system.services.map(
    ({ name, owner, tenancy, reads, references, tables, grants, definers }) => ({
      name,
      owner,
      tenancy,
      reads,
      references,
      tables: [...tables],
      grants,
      definers,
    }),
  )
  const origin = [
    FINGERPRINT_ALGORITHM,
    serverMajor,
    system.name,
    service,
    model,
    [...extensions].sort(),
    files,
  ]
  return createHash('sha256').update(JSON.stringify(origin)).digest('hex')
}
