-- Tutoring chats.
-- requires: auth@001 organizations@001 plans@001 files@001

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE chat_sessions (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id     uuid NOT NULL,
  user_id             uuid NOT NULL,
  app_name            text NOT NULL,
  plan_id             uuid,
  shared_with_teacher boolean NOT NULL DEFAULT false,
  status              text NOT NULL DEFAULT 'active',
  context_data        jsonb NOT NULL DEFAULT '{}',
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_chat_sessions_organization FOREIGN KEY (organization_id) REFERENCES organizations.organizations (id),
  CONSTRAINT fk_chat_sessions_user FOREIGN KEY (user_id) REFERENCES auth.users (id),
  CONSTRAINT fk_chat_sessions_plan FOREIGN KEY (plan_id, organization_id)
    REFERENCES plans.plans (id, organization_id) ON DELETE SET NULL (plan_id),
  CONSTRAINT uq_chat_sessions_organization UNIQUE (id, organization_id),
  CONSTRAINT chk_chat_sessions_status CHECK (status IN ('active', 'closed'))
);

CREATE INDEX idx_chat_sessions_user ON chat_sessions (user_id, organization_id);
CREATE INDEX idx_chat_sessions_organization ON chat_sessions (organization_id);
CREATE INDEX idx_chat_sessions_plan ON chat_sessions (plan_id);

CREATE TABLE chat_messages (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id      uuid NOT NULL,
  organization_id uuid NOT NULL,
  seq             integer NOT NULL,
  role            text NOT NULL,
  content         text NOT NULL,
  message_data    jsonb NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_chat_messages_session FOREIGN KEY (session_id, organization_id)
    REFERENCES chat_sessions (id, organization_id),
  CONSTRAINT uq_chat_messages_seq UNIQUE (session_id, seq),
  CONSTRAINT uq_chat_messages_session UNIQUE (id, session_id),
  CONSTRAINT chk_chat_messages_seq CHECK (seq > 0),
  CONSTRAINT chk_chat_messages_role CHECK (role IN ('user', 'assistant', 'system'))
);

CREATE INDEX idx_chat_messages_organization ON chat_messages (organization_id);

CREATE FUNCTION refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'messages are neither changed nor deleted' USING ERRCODE = '42501';
END
$$;

CREATE TRIGGER trg_chat_messages_append_only BEFORE UPDATE OR DELETE ON chat_messages
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

CREATE TABLE chat_files (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id      uuid NOT NULL,
  organization_id uuid NOT NULL,
  message_id      uuid,
  file_id         uuid NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_chat_files_session FOREIGN KEY (session_id, organization_id)
    REFERENCES chat_sessions (id, organization_id),
  CONSTRAINT fk_chat_files_message FOREIGN KEY (message_id, session_id) REFERENCES chat_messages (id, session_id),
  CONSTRAINT fk_chat_files_file FOREIGN KEY (file_id, organization_id) REFERENCES files.files (id, organization_id),
  CONSTRAINT uq_chat_files_file UNIQUE (session_id, file_id)
);

CREATE INDEX idx_chat_files_message ON chat_files (message_id, session_id);
CREATE INDEX idx_chat_files_file ON chat_files (file_id);
CREATE INDEX idx_chat_files_organization ON chat_files (organization_id);

CREATE TRIGGER trg_chat_sessions_updated_at BEFORE UPDATE ON chat_sessions
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Closed to every login until 002 brings the policies. FORCE binds the owner too, so seeds, backfills and the
-- functions that run as the owner need a policy of their own.
ALTER TABLE chat_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON chat_sessions TO profe_chat_owner USING (true) WITH CHECK (true);
ALTER TABLE chat_messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON chat_messages TO profe_chat_owner USING (true) WITH CHECK (true);
ALTER TABLE chat_files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON chat_files TO profe_chat_owner USING (true) WITH CHECK (true);

-- migrate:down

DROP TABLE chat_files;
DROP TABLE chat_messages;
DROP TABLE chat_sessions;
DROP FUNCTION refuse_rewriting();
DROP FUNCTION set_updated_at();
