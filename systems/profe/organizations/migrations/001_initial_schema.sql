-- Schools and what each has configured.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE organizations (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name          text NOT NULL,
  slug          text NOT NULL,
  contact_email text,
  contact_phone text,
  address       text,
  city          text,
  timezone      text NOT NULL DEFAULT 'America/Bogota',
  is_active     boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_organizations_slug UNIQUE (slug),
  CONSTRAINT chk_organizations_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT chk_organizations_name CHECK (name = btrim(name) AND name <> '')
);

CREATE TABLE organization_configs (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  config_key      text NOT NULL,
  config_value    jsonb NOT NULL,
  visibility      text NOT NULL DEFAULT 'admin',
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_organization_configs_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT uq_organization_configs_key UNIQUE (organization_id, config_key),
  CONSTRAINT chk_organization_configs_key CHECK (config_key ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$'),
  CONSTRAINT chk_organization_configs_visibility CHECK (visibility IN ('admin', 'members'))
);

COMMENT ON COLUMN organization_configs.config_key IS
  'chat.parent_visibility = true lets parents read the chats of their children (authz.parents_see_chats).';

CREATE TRIGGER trg_organizations_updated_at BEFORE UPDATE ON organizations
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_organization_configs_updated_at BEFORE UPDATE ON organization_configs
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON organizations TO profe_organizations_owner USING (true) WITH CHECK (true);
ALTER TABLE organization_configs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON organization_configs TO profe_organizations_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE organization_configs;
DROP TABLE organizations;
DROP FUNCTION set_updated_at();
