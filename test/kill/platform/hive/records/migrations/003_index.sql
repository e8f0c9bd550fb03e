-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY harvests_colony ON harvests (colony_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY harvests_colony;
