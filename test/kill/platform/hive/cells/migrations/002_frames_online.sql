-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY frames_state ON frames (state);
ALTER TYPE frame_state ADD VALUE 'honey' AFTER 'brood';

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY frames_state;
