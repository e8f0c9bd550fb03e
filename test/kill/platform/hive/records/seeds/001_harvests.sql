INSERT INTO harvests (colony_id, grams)
SELECT id, 1000 FROM colonies
WHERE NOT EXISTS (SELECT FROM harvests WHERE grams = 1000);
