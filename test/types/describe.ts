/** What the compiler accepts and refuses in a description. Compiled with the repository, and by types.test.ts. */
import { defineConfig, defineSystem } from 'panal'

export const accepted = defineSystem({
  name: 'school',
  extensions: ['vector?'],
  services: {
    courses: { schema: 'courses' },
    enrollments: { reads: ['courses'], references: [{ service: 'courses', only: ['topics'] }] },
    branches: {
      tenancy: {
        kind: 'schema',
        // The slug's type is inferred.
        schema: (slug) => `branch_${slug.toLowerCase()}`,
        login: (slug) => `user_${slug}`,
      },
    },
    app: { tenancy: { kind: 'row', key: 'org_id', setting: 'app.org', root: 'orgs' }, login: false },
  },
})

export const wrongNameInReads = defineSystem({
  name: 'school',
  services: {
    courses: {},
    // @ts-expect-error a service that does not exist
    ai: { reads: ['corses'] },
  },
})

export const wrongNameInReferences = defineSystem({
  name: 'school',
  services: {
    courses: {},
    // @ts-expect-error a service that does not exist
    ai: { references: ['corses'] },
  },
})

export const wrongNameWithTables = defineSystem({
  name: 'school',
  services: {
    courses: {},
    // @ts-expect-error a service that does not exist
    ai: { reads: [{ service: 'corses', only: ['topics'] }] },
  },
})

export const wrongPrivilege = defineSystem({
  name: 'school',
  services: {
    // @ts-expect-error no privilege of a table
    courses: { tables: { topics: ['selct'] } },
  },
})

export const wrongKey = defineSystem({
  name: 'school',
  services: {
    // @ts-expect-error a key that a service does not have
    courses: { shema: 'courses' },
  },
})

export const rowTenancyWithoutRoot = defineSystem({
  name: 'school',
  services: {
    // @ts-expect-error the table of the tenants is missing
    app: { tenancy: { kind: 'row', key: 'org_id', setting: 'app.org' } },
  },
})

export const config = defineConfig({
  systems: ['./systems/*/system.ts'],
  databases: { default: { url: process.env.DATABASE_URL } },
  placement: { school: { courses: 'core', branches: (slug) => `d_${slug}` } },
})

export const configWithoutSystems =
  // @ts-expect-error the list of systems is missing
  defineConfig({ databases: {} })
