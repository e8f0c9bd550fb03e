CREATE VIEW rich_plants AS SELECT id, name FROM plants WHERE nectar > 5;
CREATE TABLE sorts (plant_id bigint NOT NULL REFERENCES plants, sort text NOT NULL, PRIMARY KEY (plant_id, sort));
