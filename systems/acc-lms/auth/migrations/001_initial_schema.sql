-- Identity and sessions. Secrets never stand here in clear: passwords as PHC strings, tokens as hashes.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE users (
  user_id                       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email                         text NOT NULL,
  hashed_password               text NOT NULL,
  role                          text NOT NULL DEFAULT 'student',
  email_verified                boolean NOT NULL DEFAULT false,
  verification_token_hash       text,
  verification_token_expires_at timestamptz,
  reset_token_hash              text,
  reset_token_expires_at        timestamptz,
  failed_login_attempts         integer NOT NULL DEFAULT 0,
  locked_until                  timestamptz,
  last_login_at                 timestamptz,
  created_at                    timestamptz NOT NULL DEFAULT now(),
  updated_at                    timestamptz NOT NULL DEFAULT now(),
  deleted_at                    timestamptz,
  CONSTRAINT uq_users_email UNIQUE (email),
  -- Stored in lower case, so that the plain UNIQUE is case-insensitive.
  CONSTRAINT chk_users_email CHECK (email = lower(email) AND email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'),
  CONSTRAINT chk_users_hashed_password CHECK (hashed_password LIKE '$%'),
  CONSTRAINT chk_users_role CHECK (role IN ('student', 'instructor', 'admin')),
  CONSTRAINT chk_users_failed_login_attempts CHECK (failed_login_attempts >= 0),
  CONSTRAINT chk_users_verification_token
    CHECK ((verification_token_hash IS NULL) = (verification_token_expires_at IS NULL)),
  CONSTRAINT chk_users_reset_token CHECK ((reset_token_hash IS NULL) = (reset_token_expires_at IS NULL))
);

CREATE UNIQUE INDEX uq_users_verification_token_hash ON users (verification_token_hash)
  WHERE verification_token_hash IS NOT NULL;
CREATE UNIQUE INDEX uq_users_reset_token_hash ON users (reset_token_hash)
  WHERE reset_token_hash IS NOT NULL;

CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE users IS 'Accounts. Other schemas refer to user_id without a foreign key (ACC-04).';
COMMENT ON COLUMN users.deleted_at IS 'Soft delete: references in other schemas stay resolvable (ACC-D06).';

CREATE TABLE refresh_tokens (
  token_id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id            uuid NOT NULL,
  family_id          uuid NOT NULL,
  parent_id          uuid,
  token_hash         text NOT NULL,
  device_fingerprint text,
  expires_at         timestamptz NOT NULL,
  used_at            timestamptz,
  revoked_at         timestamptz,
  revoked_reason     text,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_refresh_tokens_user FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE,
  CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash),
  CONSTRAINT uq_refresh_tokens_family UNIQUE (token_id, family_id, user_id),
  -- A successor belongs to the family and the person of its parent (ACC-D15).
  CONSTRAINT fk_refresh_tokens_parent FOREIGN KEY (parent_id, family_id, user_id)
    REFERENCES refresh_tokens (token_id, family_id, user_id) ON DELETE CASCADE,
  -- Two refreshes racing on one token end with one child.
  CONSTRAINT uq_refresh_tokens_parent UNIQUE (parent_id),
  CONSTRAINT chk_refresh_tokens_root CHECK ((parent_id IS NULL) = (family_id = token_id)),
  CONSTRAINT chk_refresh_tokens_expires_at CHECK (expires_at > created_at),
  CONSTRAINT chk_refresh_tokens_revoked CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  CONSTRAINT chk_refresh_tokens_revoked_reason
    CHECK (revoked_reason IN ('logout', 'reuse_detected', 'session_limit', 'password_changed', 'admin'))
);

CREATE INDEX idx_refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX idx_refresh_tokens_user_live ON refresh_tokens (user_id, expires_at)
  WHERE revoked_at IS NULL AND used_at IS NULL;
-- The foreign key to users looks at every token of a person, not only at the live ones.
CREATE INDEX idx_refresh_tokens_user ON refresh_tokens (user_id);

COMMENT ON TABLE refresh_tokens IS
  'Rotating refresh tokens: each use makes a child; reuse of a used one revokes its family (ACC-D15).';

-- migrate:down

DROP TABLE refresh_tokens;
DROP TABLE users;
DROP FUNCTION set_updated_at();
