-- Accounts and sessions. Secrets never stand here in clear: passwords as PHC strings, tokens as hashes
-- (PRO-D12: the upstream design keeps session tokens raw).

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE users (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email           citext NOT NULL,
  password_hash   text NOT NULL,
  is_active       boolean NOT NULL DEFAULT true,
  is_verified     boolean NOT NULL DEFAULT false,
  failed_attempts integer NOT NULL DEFAULT 0,
  locked_until    timestamptz,
  last_login_at   timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  CONSTRAINT uq_users_email UNIQUE (email),
  CONSTRAINT chk_users_email CHECK (email::text ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'),
  CONSTRAINT chk_users_password_hash CHECK (password_hash LIKE '$%'),
  CONSTRAINT chk_users_failed_attempts CHECK (failed_attempts >= 0),
  CONSTRAINT chk_users_deleted CHECK (deleted_at IS NULL OR NOT is_active)
);

COMMENT ON COLUMN users.deleted_at IS 'Soft delete: plans, results and messages keep their author.';

CREATE TABLE sessions (
  id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id            uuid NOT NULL,
  family_id          uuid NOT NULL,
  refresh_token_hash text NOT NULL,
  parent_id          uuid,
  expires_at         timestamptz NOT NULL,
  used_at            timestamptz,
  revoked_at         timestamptz,
  revoke_reason      text,
  user_agent         text,
  ip                 inet,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_sessions_refresh_token_hash UNIQUE (refresh_token_hash),
  CONSTRAINT uq_sessions_family UNIQUE (id, family_id, user_id),
  -- A successor belongs to the family and the person of its parent, and two refreshes racing on one token
  -- end with one child.
  CONSTRAINT fk_sessions_parent FOREIGN KEY (parent_id, family_id, user_id)
    REFERENCES sessions (id, family_id, user_id) ON DELETE CASCADE,
  CONSTRAINT uq_sessions_parent UNIQUE (parent_id),
  CONSTRAINT chk_sessions_root CHECK ((parent_id IS NULL) = (family_id = id)),
  CONSTRAINT chk_sessions_refresh_token_hash CHECK (refresh_token_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT chk_sessions_expires_at CHECK (expires_at > created_at),
  CONSTRAINT chk_sessions_revoked CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);

CREATE INDEX idx_sessions_user ON sessions (user_id);

CREATE TABLE password_resets (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id    uuid NOT NULL,
  purpose    text NOT NULL DEFAULT 'reset',
  token_hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_password_resets_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_password_resets_token_hash UNIQUE (token_hash),
  CONSTRAINT chk_password_resets_purpose CHECK (purpose IN ('reset', 'verify_email')),
  CONSTRAINT chk_password_resets_token_hash CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT chk_password_resets_expires_at CHECK (expires_at > created_at)
);

CREATE INDEX idx_password_resets_user ON password_resets (user_id);

CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON users TO profe_auth_owner USING (true) WITH CHECK (true);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON sessions TO profe_auth_owner USING (true) WITH CHECK (true);
ALTER TABLE password_resets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON password_resets TO profe_auth_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE password_resets;
DROP TABLE sessions;
DROP TABLE users;
DROP FUNCTION set_updated_at();
