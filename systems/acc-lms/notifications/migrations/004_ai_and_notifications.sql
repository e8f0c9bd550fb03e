-- Templates, the delivery queue and what each person accepts. PostgreSQL is the system of record for
-- notifications (ACC-D08). The document's file name is kept; its other half is in the service ai.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE templates (
  template_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name             text NOT NULL,
  type             text NOT NULL,
  subject_template text,
  body_template    text NOT NULL,
  variables        jsonb NOT NULL DEFAULT '[]',
  is_active        boolean NOT NULL DEFAULT true,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_templates_name UNIQUE (name),
  CONSTRAINT uq_templates_type UNIQUE (template_id, type),
  CONSTRAINT chk_templates_type CHECK (type IN ('email', 'push', 'in_app', 'sms')),
  CONSTRAINT chk_templates_subject CHECK (type <> 'email' OR subject_template IS NOT NULL),
  CONSTRAINT chk_templates_variables CHECK (jsonb_typeof(variables) = 'array')
);

CREATE TABLE queue (
  notification_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id         uuid NOT NULL,
  template_id     uuid,
  type            text NOT NULL,
  subject         text,
  content         text NOT NULL,
  status          text NOT NULL DEFAULT 'pending',
  priority        smallint NOT NULL DEFAULT 3,
  scheduled_for   timestamptz NOT NULL DEFAULT now(),
  sent_at         timestamptz,
  read_at         timestamptz,
  error_message   text,
  retry_count     integer NOT NULL DEFAULT 0,
  max_retries     integer NOT NULL DEFAULT 5,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  -- A notification made from a template goes out by that template's channel.
  CONSTRAINT fk_queue_template FOREIGN KEY (template_id, type) REFERENCES templates (template_id, type),
  CONSTRAINT chk_queue_type CHECK (type IN ('email', 'push', 'in_app', 'sms')),
  -- Delivery only; the document's 'read' is read_at (ACC-D21).
  CONSTRAINT chk_queue_status CHECK (status IN ('pending', 'sent', 'failed')),
  CONSTRAINT chk_queue_sent CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
  CONSTRAINT chk_queue_read CHECK (read_at >= sent_at AND (read_at IS NULL OR sent_at IS NOT NULL)),
  CONSTRAINT chk_queue_failed CHECK (status <> 'failed' OR error_message IS NOT NULL),
  CONSTRAINT chk_queue_priority CHECK (priority BETWEEN 1 AND 5),
  CONSTRAINT chk_queue_retries CHECK (retry_count BETWEEN 0 AND max_retries)
);

-- Workers take the most urgent due row: ORDER BY priority, scheduled_for FOR UPDATE SKIP LOCKED.
CREATE INDEX idx_queue_due ON queue (priority, scheduled_for) WHERE status = 'pending';
CREATE INDEX idx_queue_user ON queue (user_id, created_at DESC);
CREATE INDEX idx_queue_template ON queue (template_id, type);

COMMENT ON COLUMN queue.priority IS '1 is the most urgent, 5 the least (ACC-D21).';

CREATE TABLE user_settings (
  user_id           uuid PRIMARY KEY,
  email_enabled     boolean NOT NULL DEFAULT true,
  push_enabled      boolean NOT NULL DEFAULT true,
  in_app_enabled    boolean NOT NULL DEFAULT true,
  sms_enabled       boolean NOT NULL DEFAULT false,
  quiet_hours_start time,
  quiet_hours_end   time,
  timezone          text NOT NULL DEFAULT 'UTC',
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT chk_user_settings_quiet_hours CHECK (
    (quiet_hours_start IS NULL) = (quiet_hours_end IS NULL)
    AND (quiet_hours_start IS NULL OR quiet_hours_start <> quiet_hours_end)
  )
);

COMMENT ON TABLE user_settings IS
  'Quiet hours are in the person''s zone; a start after the end crosses midnight (ACC-D21).';

CREATE TABLE contacts (
  user_id        uuid PRIMARY KEY,
  email          text NOT NULL,
  email_verified boolean NOT NULL DEFAULT false,
  display_name   text NOT NULL,
  language       text NOT NULL DEFAULT 'es',
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_contacts_email UNIQUE (email),
  CONSTRAINT chk_contacts_email CHECK (email = lower(email) AND email LIKE '%@%')
);

COMMENT ON TABLE contacts IS
  'Support table (ACC-D14): where to reach a person, kept by user.* and profile.* events, since this service reads no other.';

CREATE TRIGGER trg_templates_updated_at BEFORE UPDATE ON templates
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_queue_updated_at BEFORE UPDATE ON queue
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_user_settings_updated_at BEFORE UPDATE ON user_settings
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_contacts_updated_at BEFORE UPDATE ON contacts
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE contacts;
DROP TABLE user_settings;
DROP TABLE queue;
DROP TABLE templates;
DROP FUNCTION set_updated_at();
