-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY plants_genus ON plants (genus);
CREATE UNIQUE INDEX CONCURRENTLY changes_digest ON changes (digest, id);
CREATE INDEX CONCURRENTLY changes_plant ON changes (plant_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY changes_plant;
DROP INDEX CONCURRENTLY changes_digest;
DROP INDEX CONCURRENTLY plants_genus;
