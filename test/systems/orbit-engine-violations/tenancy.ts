import { a, b, foreign, own, refused, type Violation } from './statements.ts'

/** The audit log, and whatever is another organization’s. */
export const tenancyViolations: readonly Violation[] = [
  [
    'ORB-D25: a person without an organization',
    `insert into audit_logs (user_id, action, entity_type) values (${a(1)}, 'login', 'user')`,
    refused,
    'chk_audit_logs_user',
  ],
  [
    'ORB-D01: an entry of a user of another organization',
    `insert into audit_logs (organization_id, user_id, action, entity_type) values (${own}, ${b(1)}, 'login', 'user')`,
    '23503',
    'fk_audit_logs_user',
  ],
  ['ORB-D12: changing an entry', `update audit_logs set action = 'none'`, '42501'],
  ['ORB-D12: deleting an entry', 'delete from audit_logs', '42501'],

  ...(['sales', 'users', 'categories', 'customers', 'products'] as const).map(
    (table): Violation => [
      `ORB-D02: ${table} moved to another organization`,
      `update ${table} set organization_id = ${foreign}`,
      table === 'sales' ? refused : '42501',
    ],
  ),
  [
    'ORB-D02: a category for another organization',
    `insert into categories (organization_id, name) values (${foreign}, 'x')`,
    '42501',
  ],
  [
    'ORB-D02: an entry in the name of another organization',
    `insert into audit_logs (organization_id, action, entity_type) values (${foreign}, 'x', 'x')`,
    '42501',
  ],
  [
    'ORB-D02: another organization registered',
    `insert into organizations (name, domain) values ('x', 'x')`,
    '42501',
  ],
  [
    'ORB-D01: a role of the system made by an organization',
    `insert into roles (name, permissions) values ('god', '["*"]')`,
    '42501',
  ],
  ['ORB-D02: deleting an organization', 'delete from organizations', '42501'],
]
