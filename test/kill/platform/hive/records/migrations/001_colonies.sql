CREATE TABLE colonies (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE regions (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE harvests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  colony_id uuid NOT NULL REFERENCES colonies,
  plant_id bigint REFERENCES catalog.plants,
  grams integer NOT NULL
);
INSERT INTO colonies SELECT md5(n::text)::uuid, 'colony ' || n FROM generate_series(1, 4) AS n;
INSERT INTO harvests (colony_id, grams) SELECT id, 100 FROM colonies;
