CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  colony_id uuid REFERENCES colonies,
  what text NOT NULL
);
CREATE VIEW heavy_harvests WITH (security_invoker = true) AS SELECT * FROM harvests WHERE grams > 500;
INSERT INTO events (colony_id, what) SELECT id, 'founded' FROM colonies;
INSERT INTO events (what) VALUES ('spring');
