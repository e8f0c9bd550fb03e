import { defineConfig } from 'panal'

export default defineConfig({
  systems: ['./systems/*/system.ts'],
  // Without DATABASE_URL, Panal starts an embedded PostgreSQL in .panal.
  databases: { default: { url: process.env.DATABASE_URL } },
})
