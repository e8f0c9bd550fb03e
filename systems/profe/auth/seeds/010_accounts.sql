-- Accounts and sessions. The password hashes have the form of argon2id and are the hash of no password: nobody
-- can log in with them. Number 0 administers the platform.

WITH people AS (
  SELECT seed_uuid('person', 0, 0) AS id, 0 AS school_no, 0 AS member_no, 'soporte@profe.example.org' AS email,
    timestamptz '2025-01-06 13:00+00' AS joined_at
  UNION ALL
  SELECT id, school_no, member_no, email, joined_at FROM seed_people()
)
INSERT INTO users (
  id, email, password_hash, is_verified, failed_attempts, last_login_at, created_at, updated_at
)
SELECT
  id, email,
  '$argon2id$v=19$m=65536,t=3,p=4$'
    || rtrim(encode(decode(left(seed_digest('salt', school_no, member_no), 32), 'hex'), 'base64'), '=') || '$'
    || rtrim(encode(decode(seed_digest('throwaway', school_no, member_no), 'hex'), 'base64'), '='),
  member_no < 47, CASE WHEN seed_number('failed', 1, 15, school_no, member_no) = 1 THEN 2 ELSE 0 END,
  seed_today() - make_interval(mins => seed_number('last-login', 20, 9000, school_no, member_no)), joined_at,
  seed_today() - make_interval(mins => seed_number('last-login', 20, 9000, school_no, member_no))
FROM people
ORDER BY school_no, member_no
ON CONFLICT (id) DO NOTHING;

-- Half of the people have a session: a token, and for every third its successor.
WITH opened AS MATERIALIZED (
  SELECT
    p.id AS user_id, p.school_no, p.member_no, generation,
    seed_today() - make_interval(mins => seed_number('last-login', 20, 9000, p.school_no, p.member_no))
      + (generation - 1) * interval '15 minutes' AS issued_at
  FROM seed_people() AS p, generate_series(1, 2) AS generation
  WHERE (p.school_no + p.member_no) % 2 = 0 AND (generation = 1 OR p.member_no % 3 = 0)
)
INSERT INTO sessions (
  id, user_id, family_id, parent_id, refresh_token_hash, expires_at, used_at, revoked_at, revoke_reason, user_agent, ip,
  created_at
)
SELECT
  seed_uuid('session', school_no, member_no, generation), user_id, seed_uuid('session', school_no, member_no, 1),
  CASE WHEN generation = 2 THEN seed_uuid('session', school_no, member_no, 1) END,
  seed_digest('refresh', school_no, member_no, generation), issued_at + interval '7 days',
  CASE WHEN generation = 1 AND member_no % 3 = 0 THEN issued_at + interval '15 minutes' END,
  CASE WHEN generation = 1 AND member_no % 5 = 0 THEN issued_at + interval '40 minutes' END,
  CASE WHEN generation = 1 AND member_no % 5 = 0 THEN 'logout' END,
  (ARRAY['Chrome 141 / Windows 11', 'Safari 18 / iPhone', 'Firefox 144 / Ubuntu', 'Chrome 141 / Android 15'])[
    seed_number('agent', 1, 4, school_no, member_no)],
  ('198.51.100.' || seed_number('ip', 1, 254, school_no, member_no))::inet, issued_at
FROM opened
ORDER BY school_no, member_no, generation
ON CONFLICT (id) DO NOTHING;

-- Two parents of each school have not confirmed their address yet; one teacher forgot the password.
INSERT INTO password_resets (id, user_id, purpose, token_hash, expires_at, used_at, created_at)
SELECT
  seed_uuid('reset', school_no, member_no), id, CASE WHEN member_no > 46 THEN 'verify_email' ELSE 'reset' END,
  seed_digest('reset', school_no, member_no), asked_at + interval '1 day',
  CASE WHEN member_no = 4 THEN asked_at + interval '6 minutes' END, asked_at
FROM seed_people()
CROSS JOIN LATERAL (
  SELECT seed_today() - make_interval(mins => seed_number('reset', 30, 1300, school_no, member_no)) AS asked_at
) AS asked
WHERE member_no IN (4, 47, 48)
ORDER BY school_no, member_no
ON CONFLICT (id) DO NOTHING;
