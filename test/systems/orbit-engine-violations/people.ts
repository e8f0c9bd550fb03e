import { staged } from '../orbit-engine-stage.ts'
import { a, change, own, refused, type Violation } from './statements.ts'

/** Organizations, roles, people, sessions and tokens. */
export const peopleViolations: readonly Violation[] = [
  [
    'ORB-04: a domain with a space',
    change('organizations', own, `domain = 'a b'`),
    refused,
    'chk_organizations_domain',
  ],
  [
    'ORB-04: a domain twice',
    change('organizations', own, `domain = 'bodega-b'`),
    '23505',
    'idx_organizations_domain',
  ],
  ['ORB-D15: an unknown time zone', change('organizations', own, `timezone = 'America/Limón'`), '22023'],
  [
    'ORB-D14: a currency of four letters',
    change('organizations', own, `currency = 'pen'`),
    refused,
    'chk_organizations_currency',
  ],
  [
    'ORB-10: a negative cancellation window',
    change('organizations', own, 'cancellation_days = -1'),
    refused,
    'chk_organizations_cancellation_days',
  ],
  [
    'ORB-19: a key check by hand',
    change('organizations', own, `document_key_check = 'x'`),
    refused,
    'organizations_document_key_once',
  ],
  [
    'ORB-D21: a permission that does not exist',
    `insert into roles (organization_id, name, permissions) values (${own}, 'x', '["products.*"]')`,
    refused,
    'chk_roles_permissions',
  ],
  [
    'ORB-D21: permissions that are no list',
    `insert into roles (organization_id, name, permissions) values (${own}, 'x', '"*"')`,
    refused,
    'chk_roles_permissions',
  ],
  [
    'ORB-05: a role twice',
    `insert into roles (organization_id, name) values (${own}, 'caja')`,
    '23505',
    'uq_roles_organization_name',
  ],
  [
    'ORB-D01: a user with a role of another organization',
    // The next one is organization b's, which a cannot see.
    `update users set role_id = (select id from roles where name = 'caja') + 1 where id = ${a(staged.seller)}`,
    '23503',
    'fk_users_role',
  ],
  [
    'ORB-06: an address twice in one organization',
    change('users', a(staged.seller), `email = 'ana@a.example'`),
    '23505',
    'idx_users_organization_email',
  ],
  [
    'ORB-06: an address in capitals',
    change('users', a(staged.seller), `email = 'Ana@A.example'`),
    refused,
    'chk_users_email',
  ],
  [
    'ORB-06: failures below zero',
    change('users', a(staged.seller), 'failed_login_attempts = -1'),
    refused,
    'chk_users_failed_login_attempts',
  ],
  [
    'ORB-D27: a token of an unknown purpose',
    `update auth_tokens set purpose = 'gift'`,
    refused,
    'chk_auth_tokens_purpose',
  ],
  [
    'ORB-D27: a reset that is good for a day',
    `update auth_tokens set expires_at = created_at + interval '1 day'`,
    refused,
    'chk_auth_tokens_expiry',
  ],
  [
    'ORB-D27: two open resets of one person',
    `insert into auth_tokens (organization_id, user_id, purpose, token_hash, expires_at) values (${own}, ${a(staged.admin)}, 'password_reset', 'y', now() + interval '1 hour')`,
    '23505',
    'idx_auth_tokens_open',
  ],
  [
    'ORB-D27: one reset token twice',
    `insert into auth_tokens (organization_id, user_id, purpose, token_hash, expires_at) select organization_id, user_id, 'email_verification', token_hash, expires_at from auth_tokens`,
    '23505',
    'uq_auth_tokens_token',
  ],
  [
    'ORB-D27: one refresh token twice',
    `insert into auth_sessions (organization_id, user_id, family_id, token_hash, expires_at) select organization_id, user_id, family_id, token_hash, expires_at from auth_sessions`,
    '23505',
    'uq_auth_sessions_token',
  ],
  [
    'ORB-D27: two children of one refresh token',
    `insert into auth_sessions (organization_id, user_id, family_id, parent_id, token_hash, expires_at) select organization_id, user_id, family_id, id, n::text::bytea, expires_at from auth_sessions, generate_series(1, 2) n`,
    '23505',
    'uq_auth_sessions_parent',
  ],
  [
    'ORB-D27: a session that ends before it begins',
    `update auth_sessions set expires_at = created_at`,
    refused,
    'chk_auth_sessions_expiry',
  ],
  [
    'ORB-D27: a session that is its own parent',
    'update auth_sessions set parent_id = id',
    refused,
    'chk_auth_sessions_parent',
  ],
]
