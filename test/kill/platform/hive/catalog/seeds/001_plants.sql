INSERT INTO plants (name, genus, nectar)
SELECT 'plant ' || n, 'genus ' || n % 7, n % 11 FROM generate_series(1, 200) AS n
ON CONFLICT (name) DO NOTHING;
