import { defineSystem } from 'panal'

/** BO Tech Solutions: a B2B shop for distributors, a schema and a login for each of them. */
export default defineSystem({
  name: 'bo-tech',
  database: 'bo_tech',
  services: {
    shop: {
      tenancy: { kind: 'schema', schema: (slug) => `schema_${slug}`, login: (slug) => `user_${slug}` },
      limits: {
        // The document calls 15 to 18 connections of the whole server a reason to act: one tenant's backend
        // (a pool of 10 and a migration beside it) must not reach that alone.
        connections: 12,
        statementTimeoutMs: 30_000,
        lockTimeoutMs: 5_000,
        // Confirming an order locks its products: a client that hangs meanwhile stops other people's sales.
        idleInTransactionTimeoutMs: 30_000,
      },
    },
  },
})
