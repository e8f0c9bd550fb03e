-- Break-glass: an administrator reads a chat by saying why, and the reading is recorded first.
-- requires: authz@001

-- migrate:up

CREATE TABLE content_accesses (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  session_id      uuid NOT NULL,
  accessed_by     uuid NOT NULL,
  reason          text NOT NULL,
  accessed_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_content_accesses_session FOREIGN KEY (session_id, organization_id)
    REFERENCES chat_sessions (id, organization_id),
  CONSTRAINT fk_content_accesses_accessed_by FOREIGN KEY (accessed_by) REFERENCES auth.users (id),
  CONSTRAINT chk_content_accesses_reason CHECK (length(btrim(reason)) >= 10)
);

CREATE INDEX idx_content_accesses_organization ON content_accesses (organization_id, accessed_at);
CREATE INDEX idx_content_accesses_session ON content_accesses (session_id);
CREATE INDEX idx_content_accesses_accessed_by ON content_accesses (accessed_by);

COMMENT ON TABLE content_accesses IS 'A support table, not one of the 25: who read which chat in an emergency, and why.';

ALTER TABLE content_accesses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON content_accesses TO profe_chat_owner USING (true) WITH CHECK (true);
CREATE POLICY tenant_floor ON content_accesses AS RESTRICTIVE TO app_users USING (organization_id = (SELECT authz.org()));
CREATE POLICY admin_read ON content_accesses FOR SELECT TO app_users USING ((SELECT authz.has_role('admin')));

CREATE TRIGGER trg_content_accesses_append_only BEFORE UPDATE OR DELETE ON content_accesses
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

CREATE FUNCTION break_glass(session uuid, reason text) RETURNS SETOF chat_messages
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT authz.has_role('admin')
    OR NOT EXISTS (SELECT FROM chat_sessions WHERE id = session AND organization_id = authz.org()) THEN
    RAISE EXCEPTION 'only an administrator opens a chat, and one of the organisation' USING ERRCODE = '42501';
  END IF;
  INSERT INTO content_accesses (organization_id, session_id, accessed_by, reason)
  VALUES (authz.org(), session, authz.uid(), break_glass.reason);
  RETURN QUERY SELECT * FROM chat_messages WHERE session_id = session ORDER BY seq;
END
$$;

-- migrate:down

DROP FUNCTION break_glass;
DROP TABLE content_accesses;
