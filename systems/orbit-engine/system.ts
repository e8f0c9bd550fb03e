import { defineSystem } from 'panal'

/** What people may do to tables that the document deletes softly: rows are retired, never removed. */
const retired = ['select', 'insert', 'update'] as const

/** What happened is neither rewritten nor taken back (ORB-D12). */
const appendOnly = ['select', 'insert'] as const

/** OrbitEngine: sales and stock of small companies, all in one set of tables, kept apart row by row. */
export default defineSystem({
  name: 'orbit-engine',
  database: 'orbit_engine',
  extensions: ['pgcrypto', 'pg_trgm'],
  services: {
    app: {
      schema: 'app',
      login: 'orbit_app',
      tenancy: {
        kind: 'row',
        key: 'organization_id',
        setting: 'app.current_organization',
        root: 'organizations',
        shared: ['roles', 'audit_logs'],
      },
      tables: {
        organizations: retired,
        users: retired,
        products: retired,
        customers: retired,
        sales: retired,
        invoice_counters: retired,
        inventory_movements: appendOnly,
        audit_logs: appendOnly,
      },
      definers: [
        // Asked before there is an organization to be in.
        'sign_in_organizations',
        // Reads a materialised view, filtered by organization.
        'sales_summary',
        // Work of the owner that the application starts: neither shows a row.
        'refresh_sales_summary',
        'ensure_audit_partitions',
        // Lets a login record what is no organization's: it may write such entries, not read them.
        'audit_logs_platform_entry',
      ],
      grants: [
        // Screens of sellers, who must not see what a product costs (ORB-D21).
        { to: 'orbit_catalogue', on: 'categories', privileges: ['select'] },
        {
          to: 'orbit_catalogue',
          on: 'products',
          privileges: ['select'],
          columns: [
            'id',
            'organization_id',
            'category_id',
            'sku',
            'name',
            'description',
            'image_url',
            'sale_price',
            'stock_quantity',
            'unit',
            'barcode',
            'is_active',
            'deleted_at',
          ],
        },
        // Entries without an organization are the platform's to read (ORB-D25).
        { to: 'orbit_platform', on: 'audit_logs', privileges: ['select'] },
      ],
      limits: {
        // A completion locks its products: a client that hangs meanwhile stops every till that sells them.
        statementTimeoutMs: 30_000,
        lockTimeoutMs: 5_000,
        idleInTransactionTimeoutMs: 30_000,
      },
    },
  },
  roles: {
    orbit_catalogue: { login: true },
    orbit_platform: { login: true },
  },
})
