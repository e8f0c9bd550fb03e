-- The schools and what each has configured.

INSERT INTO organizations (id, name, slug, contact_email, contact_phone, address, city, timezone, created_at, updated_at)
SELECT
  id, name, slug, 'secretaria@' || slug || '.example.org',
  '+57 60' || seed_number('phone', 1, 8, school_no) || ' 555 ' || lpad(seed_number('phone-end', 0, 9999, school_no)::text, 4, '0'),
  (ARRAY['Calle', 'Carrera', 'Avenida'])[seed_number('street', 1, 3, school_no)] || ' '
    || seed_number('street-no', 5, 140, school_no) || ' # ' || seed_number('corner', 2, 99, school_no) || '-'
    || seed_number('door', 10, 98, school_no),
  city, timezone, timestamptz '2025-01-07 13:00+00', timestamptz '2025-01-07 13:00+00'
FROM seed_schools()
ORDER BY school_no
ON CONFLICT (id) DO NOTHING;

INSERT INTO organization_configs (id, organization_id, config_key, config_value, visibility, created_at, updated_at)
SELECT
  seed_uuid('config', s.school_no, c.config_no), s.id, c.config_key, c.config_value, c.visibility,
  timestamptz '2025-01-08 14:00+00', timestamptz '2025-01-08 14:00+00'
FROM seed_schools() AS s
CROSS JOIN LATERAL (VALUES
  (1, 'grading.scale', '{"min": 1, "max": 5, "passing": 3}'::jsonb, 'members'),
  (2, 'calendar.periods', '[{"name": "Primer periodo", "ends": "2025-03-28"}, {"name": "Segundo periodo", "ends": "2025-06-13"},
    {"name": "Tercer periodo", "ends": "2025-09-05"}, {"name": "Cuarto periodo", "ends": "2025-11-21"}]', 'members'),
  -- Every second school lets parents read the chats of their children.
  (3, 'chat.parent_visibility', to_jsonb(s.school_no % 2 = 1), 'members'),
  (4, 'plans.monthly_generation_limit', to_jsonb(seed_number('limit', 4, 12, s.school_no) * 10), 'admin')
) AS c (config_no, config_key, config_value, visibility)
ORDER BY s.school_no, c.config_no
ON CONFLICT (id) DO NOTHING;
