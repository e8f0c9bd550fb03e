-- Accounts and sessions. The password hashes have the form of argon2id and are the hash of no password:
-- nobody can log in with them.

INSERT INTO users (
  user_id, email, hashed_password, role, email_verified, verification_token_hash, verification_token_expires_at,
  failed_login_attempts, last_login_at, created_at, updated_at
)
SELECT
  seed_uuid('user', p.person_no), p.email,
  '$argon2id$v=19$m=65536,t=3,p=4$'
    || rtrim(encode(substr(sha256(convert_to('salt/' || p.person_no, 'UTF8')), 1, 16), 'base64'), '=') || '$'
    || rtrim(encode(sha256(convert_to('throwaway/' || p.person_no, 'UTF8')), 'base64'), '='),
  p.role, p.email_verified,
  CASE WHEN NOT p.email_verified
    THEN encode(sha256(convert_to('verification/' || p.person_no, 'UTF8')), 'hex') END,
  CASE WHEN NOT p.email_verified THEN p.registered_at + interval '2 days' END,
  CASE WHEN seed_number('failed-login', 1, 12, p.person_no) = 1 THEN 2 ELSE 0 END,
  seen.last_login_at, p.registered_at, coalesce(seen.last_login_at, p.registered_at)
FROM seed_people() p
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN p.role = 'student' THEN (SELECT max(e.last_accessed_at) FROM seed_enrollments() e WHERE e.person_no = p.person_no)
    ELSE seed_today() - seed_number('last-login-minutes', 30, 4000, p.person_no) * interval '1 minute'
  END AS last_login_at
) AS seen
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;

-- A session: a chain of up to three tokens, each but the last used to get the next. Some were ended.
WITH sessions AS (
  SELECT
    p.person_no, u.last_login_at, generation,
    seed_number('generations', 1, 3, p.person_no) AS generations,
    seed_number('ended', 1, 10, p.person_no) AS ended,
    (ARRAY['Chrome 142 / Windows 11', 'Safari 18 / iPhone', 'Firefox 145 / Ubuntu', 'Chrome 142 / Android 15',
      'Edge 142 / Windows 11'])[seed_number('device', 1, 5, p.person_no)] AS device
  FROM seed_people() p
  JOIN users u ON u.user_id = seed_uuid('user', p.person_no)
  CROSS JOIN generate_series(1, 3) AS generation
  WHERE u.last_login_at > seed_today() - interval '60 days'
)
INSERT INTO refresh_tokens (
  token_id, user_id, family_id, parent_id, token_hash, device_fingerprint, expires_at, used_at, revoked_at,
  revoked_reason, created_at
)
SELECT
  seed_uuid('token', s.person_no, s.generation), seed_uuid('user', s.person_no),
  seed_uuid('token', s.person_no, 1),
  CASE WHEN s.generation > 1 THEN seed_uuid('token', s.person_no, s.generation - 1) END,
  encode(sha256(convert_to(format('refresh/%s/%s', s.person_no, s.generation), 'UTF8')), 'hex'),
  s.device, issued.at + interval '7 days',
  CASE WHEN s.generation < s.generations THEN issued.at + interval '15 minutes' END,
  CASE WHEN s.generation = s.generations AND s.ended <= 2 THEN issued.at + interval '50 minutes' END,
  CASE WHEN s.generation = s.generations AND s.ended <= 2 THEN (ARRAY['logout', 'password_changed'])[s.ended] END,
  issued.at
FROM sessions s
CROSS JOIN LATERAL (SELECT s.last_login_at + (s.generation - 1) * interval '15 minutes' AS at) AS issued
WHERE s.generation <= s.generations
ORDER BY s.person_no, s.generation
ON CONFLICT (token_id) DO NOTHING;
