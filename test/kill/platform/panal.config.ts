import { defineConfig } from 'panal'

/** Two systems that ship, and one that has what they have not: row tenancy, an extension, transaction:false files. */
export default defineConfig({
  systems: ['../../../systems/acc-lms/system.ts', '../../../systems/bo-tech/system.ts', './hive/system.ts'],
  databases: { default: { url: process.env.DATABASE_URL } },
  placement: { hive: { reports: 'hive', cells: 'hive' } },
})
