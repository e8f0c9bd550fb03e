-- Who a person is to others, what they prefer, and how far they have come.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE profiles (
  user_id      uuid PRIMARY KEY,
  first_name   text NOT NULL,
  last_name    text NOT NULL,
  avatar_url   text,
  bio          text,
  website      text,
  social_links jsonb NOT NULL DEFAULT '{}',
  timezone     text NOT NULL DEFAULT 'UTC',
  language     text NOT NULL DEFAULT 'es',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT chk_profiles_names CHECK (btrim(first_name) <> '' AND btrim(last_name) <> ''),
  CONSTRAINT chk_profiles_social_links CHECK (jsonb_typeof(social_links) = 'object'),
  CONSTRAINT chk_profiles_website CHECK (website ~ '^https?://'),
  CONSTRAINT chk_profiles_avatar_url CHECK (avatar_url ~ '^https?://'),
  CONSTRAINT chk_profiles_language CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$')
);

CREATE INDEX idx_profiles_last_name ON profiles (last_name, first_name);

COMMENT ON TABLE profiles IS 'Public face of an account; user_id is that of auth.users, kept in step by events.';

CREATE TABLE preferences (
  user_id             uuid PRIMARY KEY,
  email_notifications jsonb NOT NULL DEFAULT '{"course_updates": true, "reminders": true, "marketing": false}',
  privacy             jsonb NOT NULL DEFAULT '{"profile_visibility": "students", "show_progress": false}',
  accessibility       jsonb NOT NULL DEFAULT '{}',
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_preferences_profile FOREIGN KEY (user_id) REFERENCES profiles (user_id) ON DELETE CASCADE,
  CONSTRAINT chk_preferences_email_notifications CHECK (jsonb_typeof(email_notifications) = 'object'),
  CONSTRAINT chk_preferences_privacy CHECK (jsonb_typeof(privacy) = 'object'),
  CONSTRAINT chk_preferences_accessibility CHECK (jsonb_typeof(accessibility) = 'object')
);

CREATE TABLE stats (
  user_id                     uuid PRIMARY KEY,
  courses_enrolled            integer NOT NULL DEFAULT 0,
  courses_completed           integer NOT NULL DEFAULT 0,
  total_learning_time_minutes bigint NOT NULL DEFAULT 0,
  current_streak_days         integer NOT NULL DEFAULT 0,
  longest_streak_days         integer NOT NULL DEFAULT 0,
  created_at                  timestamptz NOT NULL DEFAULT now(),
  updated_at                  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_stats_profile FOREIGN KEY (user_id) REFERENCES profiles (user_id) ON DELETE CASCADE,
  CONSTRAINT chk_stats_courses CHECK (courses_completed BETWEEN 0 AND courses_enrolled),
  CONSTRAINT chk_stats_learning_time CHECK (total_learning_time_minutes >= 0),
  CONSTRAINT chk_stats_streaks CHECK (current_streak_days BETWEEN 0 AND longest_streak_days)
);

COMMENT ON TABLE stats IS 'Read model fed by enrollment.* and lesson.* events (ACC-D14); refunded enrolments do not count.';

CREATE TRIGGER trg_profiles_updated_at BEFORE UPDATE ON profiles
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_preferences_updated_at BEFORE UPDATE ON preferences
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_stats_updated_at BEFORE UPDATE ON stats
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE stats;
DROP TABLE preferences;
DROP TABLE profiles;
DROP FUNCTION set_updated_at();
