-- Who may see and change which school.
-- requires: authz@001

-- migrate:up

CREATE POLICY tenant_floor ON organizations AS RESTRICTIVE TO app_users
  USING (id = (SELECT authz.org()));
CREATE POLICY member_read ON organizations FOR SELECT TO app_users
  USING ((SELECT authz.has_role('admin', 'teacher', 'student', 'parent')));
CREATE POLICY admin_update ON organizations FOR UPDATE TO app_users
  USING ((SELECT authz.has_role('admin')))
  WITH CHECK ((SELECT authz.has_role('admin')));

CREATE POLICY tenant_floor ON organization_configs AS RESTRICTIVE TO app_users
  USING (organization_id = (SELECT authz.org()));
CREATE POLICY authz_read ON organization_configs FOR SELECT TO profe_authz_owner
  USING (true);
CREATE POLICY admin_all ON organization_configs TO app_users
  USING ((SELECT authz.has_role('admin')))
  WITH CHECK ((SELECT authz.has_role('admin')));
CREATE POLICY member_read ON organization_configs FOR SELECT TO app_users
  USING (visibility = 'members' AND (SELECT authz.has_role('teacher', 'student', 'parent')));

-- A new school has no administrator yet who could make it.
CREATE FUNCTION create_organization(name text, slug text, timezone text DEFAULT 'America/Bogota') RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  made uuid;
BEGIN
  IF NOT authz.is_platform_admin() THEN
    RAISE EXCEPTION 'only an administrator of the platform creates organisations' USING ERRCODE = '42501';
  END IF;
  INSERT INTO organizations (name, slug, timezone)
  VALUES (create_organization.name, create_organization.slug, create_organization.timezone)
  RETURNING id INTO made;
  RETURN made;
END
$$;

COMMENT ON FUNCTION create_organization IS
  'Its first administrator is then made by the same person, with the new organisation chosen.';

-- migrate:down

DROP FUNCTION create_organization;
DROP POLICY member_read ON organization_configs;
DROP POLICY admin_all ON organization_configs;
DROP POLICY authz_read ON organization_configs;
DROP POLICY tenant_floor ON organization_configs;
DROP POLICY admin_update ON organizations;
DROP POLICY member_read ON organizations;
DROP POLICY tenant_floor ON organizations;
