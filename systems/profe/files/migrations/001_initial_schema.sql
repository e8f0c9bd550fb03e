-- Files and who may open them; the bytes are in an object store.
-- requires: auth@001 organizations@001 academic@001

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE files (
  id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id   uuid NOT NULL,
  uploaded_by       uuid NOT NULL,
  object_key        text NOT NULL,
  filename          text NOT NULL,
  original_filename text NOT NULL,
  size_bytes        bigint NOT NULL,
  mime_type         text NOT NULL,
  sha256            text NOT NULL,
  metadata          jsonb NOT NULL DEFAULT '{}',
  visibility        text NOT NULL DEFAULT 'private',
  scan_status       text NOT NULL DEFAULT 'pending',
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_files_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_files_uploaded_by FOREIGN KEY (uploaded_by) REFERENCES auth.users (id),
  CONSTRAINT uq_files_object_key UNIQUE (object_key),
  CONSTRAINT uq_files_organization UNIQUE (id, organization_id),
  CONSTRAINT chk_files_size_bytes CHECK (size_bytes >= 0),
  CONSTRAINT chk_files_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT chk_files_metadata CHECK (jsonb_typeof(metadata) = 'object'),
  CONSTRAINT chk_files_visibility CHECK (visibility IN ('private', 'organization', 'public')),
  CONSTRAINT chk_files_scan_status CHECK (scan_status IN ('pending', 'clean', 'infected', 'failed'))
);

CREATE INDEX idx_files_organization ON files (organization_id, visibility);
CREATE INDEX idx_files_uploaded_by ON files (uploaded_by, organization_id);

CREATE TABLE file_permissions (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  file_id         uuid NOT NULL,
  organization_id uuid NOT NULL,
  user_id         uuid,
  role            text,
  course_id       uuid,
  permission      text NOT NULL DEFAULT 'read',
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_file_permissions_file FOREIGN KEY (file_id, organization_id)
    REFERENCES files (id, organization_id) ON DELETE CASCADE,
  CONSTRAINT fk_file_permissions_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT fk_file_permissions_course FOREIGN KEY (course_id, organization_id)
    REFERENCES academic.courses (id, organization_id),
  CONSTRAINT chk_file_permissions_grantee CHECK (num_nonnulls(user_id, role, course_id) = 1),
  CONSTRAINT chk_file_permissions_role CHECK (role IN ('admin', 'teacher', 'student', 'parent')),
  CONSTRAINT chk_file_permissions_permission CHECK (permission IN ('read', 'write', 'delete'))
);

-- A UNIQUE over all three would admit duplicates, since two of them are always null (PRO-D12).
CREATE UNIQUE INDEX uq_file_permissions_user ON file_permissions (file_id, user_id, permission)
  WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX uq_file_permissions_role ON file_permissions (file_id, role, permission) WHERE role IS NOT NULL;
CREATE UNIQUE INDEX uq_file_permissions_course ON file_permissions (file_id, course_id, permission)
  WHERE course_id IS NOT NULL;
CREATE INDEX idx_file_permissions_user ON file_permissions (user_id, organization_id) WHERE user_id IS NOT NULL;
CREATE INDEX idx_file_permissions_role ON file_permissions (organization_id, role) WHERE role IS NOT NULL;
CREATE INDEX idx_file_permissions_course ON file_permissions (course_id) WHERE course_id IS NOT NULL;

CREATE TRIGGER trg_files_updated_at BEFORE UPDATE ON files
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- The name of the upstream design, which kept a row for each key. The policies of files hold for it.
CREATE VIEW file_metadata WITH (security_invoker = true) AS
SELECT files.id AS file_id, files.organization_id, entry.key AS metadata_key, entry.value AS metadata_value
FROM files
CROSS JOIN LATERAL jsonb_each(files.metadata) AS entry;

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON files TO profe_files_owner USING (true) WITH CHECK (true);
ALTER TABLE file_permissions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON file_permissions TO profe_files_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP VIEW file_metadata;
DROP TABLE file_permissions;
DROP TABLE files;
DROP FUNCTION set_updated_at();
