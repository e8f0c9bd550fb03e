-- Who people are and what they are in which school.
-- requires: auth@001 organizations@001

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE user_profiles (
  user_id        uuid PRIMARY KEY,
  first_name     text NOT NULL,
  last_name      text NOT NULL,
  avatar_file_id uuid,
  phone          text,
  date_of_birth  date,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_user_profiles_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT chk_user_profiles_names CHECK (first_name <> '' AND last_name <> '')
);

COMMENT ON COLUMN user_profiles.avatar_file_id IS
  'files.files, without a foreign key: files refer to people, and a key back would be a circle of migrations.';

CREATE TABLE user_roles (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id         uuid NOT NULL,
  organization_id uuid,
  role            text NOT NULL,
  is_active       boolean NOT NULL DEFAULT true,
  granted_by      uuid,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_user_roles_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT fk_user_roles_granted_by FOREIGN KEY (granted_by) REFERENCES auth.users (id),
  CONSTRAINT fk_user_roles_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  -- One platform role per person too, although its organisation is null.
  CONSTRAINT uq_user_roles_role UNIQUE NULLS NOT DISTINCT (user_id, organization_id, role),
  CONSTRAINT chk_user_roles_role CHECK (role IN ('admin', 'teacher', 'student', 'parent')),
  CONSTRAINT chk_user_roles_platform CHECK (organization_id IS NOT NULL OR role = 'admin')
);

CREATE INDEX idx_user_roles_organization ON user_roles (organization_id, role, user_id);
CREATE INDEX idx_user_roles_granted_by ON user_roles (granted_by);

COMMENT ON COLUMN user_roles.organization_id IS 'Null: an administrator of the platform.';

CREATE TABLE user_preferences (
  user_id               uuid PRIMARY KEY,
  language              text NOT NULL DEFAULT 'es',
  timezone              text NOT NULL DEFAULT 'America/Bogota',
  theme                 text NOT NULL DEFAULT 'system',
  notification_settings jsonb NOT NULL DEFAULT '{"email": true, "push": true}',
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_user_preferences_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT chk_user_preferences_language CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  CONSTRAINT chk_user_preferences_theme CHECK (theme IN ('light', 'dark', 'system')),
  CONSTRAINT chk_user_preferences_notifications CHECK (jsonb_typeof(notification_settings) = 'object')
);

CREATE TABLE guardianships (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  guardian_id     uuid NOT NULL,
  student_id      uuid NOT NULL,
  organization_id uuid NOT NULL,
  relation        text NOT NULL,
  status          text NOT NULL DEFAULT 'pending',
  verified_by     uuid,
  verified_at     timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_guardianships_guardian FOREIGN KEY (guardian_id) REFERENCES auth.users (id),
  CONSTRAINT fk_guardianships_student FOREIGN KEY (student_id) REFERENCES auth.users (id),
  CONSTRAINT fk_guardianships_verified_by FOREIGN KEY (verified_by) REFERENCES auth.users (id),
  CONSTRAINT fk_guardianships_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT uq_guardianships_link UNIQUE (guardian_id, student_id, organization_id),
  CONSTRAINT chk_guardianships_other CHECK (guardian_id <> student_id),
  CONSTRAINT chk_guardianships_relation CHECK (relation IN ('mother', 'father', 'grandparent', 'guardian', 'other')),
  CONSTRAINT chk_guardianships_status CHECK (status IN ('pending', 'verified', 'revoked')),
  CONSTRAINT chk_guardianships_verified CHECK (status <> 'verified' OR (verified_by IS NOT NULL AND verified_at IS NOT NULL))
);

CREATE INDEX idx_guardianships_student ON guardianships (student_id);
CREATE INDEX idx_guardianships_organization ON guardianships (organization_id);
CREATE INDEX idx_guardianships_verified_by ON guardianships (verified_by);

COMMENT ON TABLE guardianships IS
  'Which adult answers for which student in which school (PRO-D12). Only a verified link opens anything.';

CREATE TRIGGER trg_user_profiles_updated_at BEFORE UPDATE ON user_profiles
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_user_roles_updated_at BEFORE UPDATE ON user_roles
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_user_preferences_updated_at BEFORE UPDATE ON user_preferences
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_guardianships_updated_at BEFORE UPDATE ON guardianships
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE user_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON user_profiles TO profe_users_owner USING (true) WITH CHECK (true);
ALTER TABLE user_roles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON user_roles TO profe_users_owner USING (true) WITH CHECK (true);
ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON user_preferences TO profe_users_owner USING (true) WITH CHECK (true);
ALTER TABLE guardianships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON guardianships TO profe_users_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE guardianships;
DROP TABLE user_preferences;
DROP TABLE user_roles;
DROP TABLE user_profiles;
DROP FUNCTION set_updated_at();
