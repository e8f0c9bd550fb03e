-- Conversations with the tutor. The document's file name is kept; its other half is in the
-- service notifications.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE conversations (
  conversation_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id         uuid NOT NULL,
  course_id       uuid,
  title           text NOT NULL,
  status          text NOT NULL DEFAULT 'active',
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT chk_conversations_status CHECK (status IN ('active', 'archived'))
);

CREATE INDEX idx_conversations_user ON conversations (user_id, updated_at DESC);
CREATE INDEX idx_conversations_course ON conversations (course_id) WHERE course_id IS NOT NULL;

COMMENT ON TABLE conversations IS 'user_id: auth.users, course_id: courses.courses or null for a general one (ACC-04).';

CREATE TABLE messages (
  message_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  conversation_id uuid NOT NULL,
  role            text NOT NULL,
  content         text NOT NULL,
  tokens_used     integer NOT NULL DEFAULT 0,
  metadata        jsonb NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_messages_conversation FOREIGN KEY (conversation_id)
    REFERENCES conversations (conversation_id) ON DELETE CASCADE,
  CONSTRAINT chk_messages_role CHECK (role IN ('user', 'assistant', 'system')),
  CONSTRAINT chk_messages_tokens_used CHECK (tokens_used >= 0),
  CONSTRAINT chk_messages_metadata CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX idx_messages_conversation ON messages (conversation_id, created_at);

CREATE TRIGGER trg_conversations_updated_at BEFORE UPDATE ON conversations
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE messages;
DROP TABLE conversations;
DROP FUNCTION set_updated_at();
