import { randomBytes } from 'node:crypto'

/**
 * A spare is a tenant of the registry whose slug nobody else can have: provisioned, migrated and planned with
 * the others, and shown to nobody as a tenant.
 */
export const SPARE_PREFIX = 'panal_spare_'

export const isSpare = (slug: string): boolean => slug.startsWith(SPARE_PREFIX)

/** A slug that was never used: a name that comes again would meet what is left of the one before. */
export const newSpareSlug = (): string => `${SPARE_PREFIX}${randomBytes(6).toString('hex')}`
