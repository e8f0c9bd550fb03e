import { copy, set, type Violation } from './violation.ts'

export const authViolations: readonly Violation[] = [
  ['a role the platform does not know', 'chk_users_role', set('users', `role = 'root'`)],
  ['an e-mail in capitals', 'chk_users_email', set('users', 'email = upper(email)')],
  ['an e-mail twice', 'uq_users_email', copy('users', 'user_id')],
  ['a password in clear', 'chk_users_hashed_password', set('users', `hashed_password = 'secreto'`)],
  [
    'a negative count of failed logins',
    'chk_users_failed_login_attempts',
    set('users', 'failed_login_attempts = -1'),
  ],
  [
    'a verification token without end',
    'chk_users_verification_token',
    set('users', `verification_token_hash = 'x'`, 'email_verified'),
  ],
  ['a reset token without end', 'chk_users_reset_token', set('users', `reset_token_hash = 'x'`)],
  [
    'one verification token for two people',
    'uq_users_verification_token_hash',
    `update users set verification_token_hash = 'x', verification_token_expires_at = now()`,
  ],
  [
    'one reset token for two people',
    'uq_users_reset_token_hash',
    `update users set reset_token_hash = 'x', reset_token_expires_at = now()`,
  ],
  [
    'a refresh token twice (ACC-D15)',
    'uq_refresh_tokens_token_hash',
    `with t as (select gen_random_uuid() as id) insert into refresh_tokens (token_id, user_id, family_id, token_hash, expires_at) select t.id, r.user_id, t.id, r.token_hash, now() + interval '1 day' from t, refresh_tokens r limit 1`,
  ],
  [
    'a second child of one token (ACC-D15)',
    'uq_refresh_tokens_parent',
    `insert into refresh_tokens (user_id, family_id, parent_id, token_hash, expires_at) select user_id, family_id, parent_id, 'x', now() + interval '1 day' from refresh_tokens where parent_id is not null limit 1`,
  ],
  [
    'a child in another family (ACC-D15)',
    'fk_refresh_tokens_parent',
    `insert into refresh_tokens (user_id, family_id, parent_id, token_hash, expires_at) select user_id, gen_random_uuid(), token_id, 'x', now() + interval '1 day' from refresh_tokens where used_at is null limit 1`,
  ],
  [
    'a root that is not its family',
    'chk_refresh_tokens_root',
    `insert into refresh_tokens (user_id, family_id, token_hash, expires_at) select user_id, gen_random_uuid(), 'x', now() + interval '1 day' from users limit 1`,
  ],
  [
    'a token of nobody',
    'fk_refresh_tokens_user',
    `with t as (select gen_random_uuid() as id) insert into refresh_tokens (token_id, user_id, family_id, token_hash, expires_at) select id, gen_random_uuid(), id, 'x', now() + interval '1 day' from t`,
  ],
  [
    'a token that ends before it begins',
    'chk_refresh_tokens_expires_at',
    set('refresh_tokens', 'expires_at = created_at'),
  ],
  [
    'a revocation without reason (ACC-D15)',
    'chk_refresh_tokens_revoked',
    set('refresh_tokens', 'revoked_at = now()', 'revoked_at is null'),
  ],
  [
    'a reason nobody knows',
    'chk_refresh_tokens_revoked_reason',
    set('refresh_tokens', `revoked_at = now(), revoked_reason = 'x'`),
  ],
]
