CREATE TYPE frame_state AS ENUM ('empty', 'brood');
CREATE TABLE frames (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  label text NOT NULL UNIQUE,
  state frame_state NOT NULL DEFAULT 'empty'
);
CREATE VIEW broods AS SELECT id, label FROM frames WHERE state = 'brood';
