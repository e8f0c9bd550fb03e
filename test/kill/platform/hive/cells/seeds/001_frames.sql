INSERT INTO frames (label) SELECT 'frame ' || n FROM generate_series(1, 20) AS n
ON CONFLICT (label) DO NOTHING;
