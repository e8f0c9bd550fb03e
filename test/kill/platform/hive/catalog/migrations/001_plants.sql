CREATE TABLE plants (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  genus text NOT NULL,
  nectar integer NOT NULL DEFAULT 0
);

CREATE TABLE changes (
  id bigserial PRIMARY KEY,
  plant_id bigint NOT NULL REFERENCES plants,
  digest text NOT NULL DEFAULT encode(digest('none', 'sha256'), 'hex')
);

CREATE FUNCTION plants_of(genus_wanted text) RETURNS SETOF plants
  LANGUAGE sql STABLE SET search_path FROM CURRENT
  AS $$ SELECT * FROM plants WHERE genus = genus_wanted $$;
