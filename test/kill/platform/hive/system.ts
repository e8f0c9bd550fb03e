import { defineSystem } from 'panal'

/** Every kind of tenancy and of right beside each other, as small as a kill needs them. */
export default defineSystem({
  name: 'hive',
  extensions: ['pgcrypto'],
  runtime: true,
  roles: { hive_analysts: { members: ['hive_reports_svc'] } },
  services: {
    catalog: {
      tables: { changes: ['select', 'insert'] },
      grants: [{ to: 'hive_analysts', on: 'plants', privileges: ['select'], columns: ['id', 'name'] }],
    },
    records: {
      references: ['catalog'],
      tenancy: {
        kind: 'row',
        key: 'colony_id',
        setting: 'app.colony',
        root: 'colonies',
        shared: ['regions', 'events'],
      },
    },
    reports: { reads: [{ service: 'records', only: ['harvests'] }], login: 'hive_reports_svc' },
    cells: {
      reads: ['catalog'],
      tenancy: { kind: 'schema', schema: (slug) => `cell_${slug}`, login: (slug) => `keeper_${slug}` },
      limits: { connections: 5, statementTimeoutMs: 20_000 },
    },
  },
})
