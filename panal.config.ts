import { defineConfig } from 'panal'

/** The systems that ship with Panal, on the embedded PostgreSQL or on the server of DATABASE_URL. */
export default defineConfig({
  systems: ['./systems/*/system.ts'],
  databases: { default: { url: process.env.DATABASE_URL } },
})
