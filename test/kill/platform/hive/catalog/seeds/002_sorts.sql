INSERT INTO sorts (plant_id, sort)
SELECT id, 'sort ' || n FROM plants CROSS JOIN generate_series(1, 3) AS n
ON CONFLICT DO NOTHING;
