CREATE TABLE inspections (
  id bigint GENERATED ALWAYS AS IDENTITY,
  colony_id uuid NOT NULL REFERENCES colonies,
  day date NOT NULL,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE inspections_2025 PARTITION OF inspections FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO inspections (colony_id, day) SELECT id, '2025-05-01' FROM colonies;
