-- The outbox of this service (ACC-D04, ACC-D05): written in the transaction of the change it tells of,
-- read by the relay. The same file stands in every service; no service writes another's.

-- migrate:up

CREATE TABLE domain_events (
  id                uuid NOT NULL DEFAULT gen_random_uuid(),
  aggregate_type    varchar(100) NOT NULL,
  aggregate_id      uuid NOT NULL,
  event_type        varchar(100) NOT NULL,
  event_data        jsonb NOT NULL,
  event_version     integer NOT NULL,
  occurred_at       timestamptz NOT NULL DEFAULT now(),
  published_at      timestamptz,
  related_resources jsonb NOT NULL DEFAULT '[]',
  seq               bigint GENERATED ALWAYS AS IDENTITY,
  tx                xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- occurred_at is part of the key so that the table can become partitioned by time. For the same
  -- reason event_version has no UNIQUE: the writer holds the aggregate's row lock when it takes the next.
  CONSTRAINT pk_domain_events PRIMARY KEY (id, occurred_at),
  CONSTRAINT chk_domain_events_version CHECK (event_version > 0),
  CONSTRAINT chk_domain_events_related CHECK (jsonb_typeof(related_resources) = 'array')
);

CREATE INDEX idx_domain_events_aggregate ON domain_events (aggregate_type, aggregate_id, event_version);

COMMENT ON TABLE domain_events IS
  'Append-only: the login may SELECT and INSERT. Consumers keep their own cursor; delivered order is by seq.';
COMMENT ON COLUMN domain_events.seq IS 'Order of insertion; a lower one can become visible later.';
COMMENT ON COLUMN domain_events.tx IS 'The writing transaction: a cursor compares it with snapshots, so late commits are not lost.';

-- migrate:down

DROP TABLE domain_events;
