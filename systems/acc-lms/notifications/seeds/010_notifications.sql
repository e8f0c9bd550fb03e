-- Templates, contacts, settings, and a queue as it stands on an ordinary afternoon: most of it sent and
-- read, some failed, a few waiting.

INSERT INTO templates (
  template_id, name, type, subject_template, body_template, variables, is_active, created_at, updated_at
)
SELECT
  seed_uuid('template', number), name, type, subject, body, to_jsonb(variables), number <> 8,
  timestamptz '2025-01-05 12:00:00+00', timestamptz '2025-01-05 12:00:00+00'
FROM (
  VALUES
    (1, 'bienvenida', 'email', 'Te damos la bienvenida, {{first_name}}',
      'Hola, {{first_name}}: tu cuenta está lista. Empieza por el curso gratuito de finanzas personales o explora el catálogo.',
      ARRAY['first_name']),
    (2, 'pago_recibido', 'email', 'Recibimos tu pago: {{course_title}}',
      'Hola, {{first_name}}: recibimos tu pago y ya puedes entrar a «{{course_title}}». El comprobante está en tu cuenta.',
      ARRAY['first_name', 'course_title']),
    (3, 'inscripcion', 'in_app', NULL, 'Ya tienes acceso a «{{course_title}}». ¡Buen comienzo!', ARRAY['course_title']),
    (4, 'certificado', 'email', 'Tu certificado de {{course_title}}',
      'Felicitaciones, {{first_name}}: completaste «{{course_title}}». Descarga tu certificado cuando quieras.',
      ARRAY['first_name', 'course_title']),
    (5, 'recordatorio', 'push', 'Te falta poco', 'Retoma «{{course_title}}»: llevas {{progress}} % del curso.',
      ARRAY['course_title', 'progress']),
    (6, 'reembolso', 'email', 'Reembolso de {{course_title}}',
      'Hola, {{first_name}}: devolvimos el pago de «{{course_title}}». Según tu banco, puede tardar hasta diez días hábiles.',
      ARRAY['first_name', 'course_title']),
    (7, 'verificar_correo', 'email', 'Confirma tu correo',
      'Hola, {{first_name}}: confirma tu dirección con el enlace que te enviamos. Vence en 48 horas.',
      ARRAY['first_name']),
    (8, 'codigo_sms', 'sms', NULL, 'ACC LMS: tu código es {{code}}. No lo compartas.', ARRAY['code'])
) AS t (number, name, type, subject, body, variables)
ORDER BY number
ON CONFLICT (template_id) DO NOTHING;

INSERT INTO contacts (user_id, email, email_verified, display_name, language, created_at, updated_at)
SELECT
  seed_uuid('user', p.person_no), p.email, p.email_verified, p.first_name || ' ' || p.last_name,
  'es-' || p.country, p.registered_at, p.registered_at
FROM seed_people() p
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;

INSERT INTO user_settings (
  user_id, email_enabled, push_enabled, in_app_enabled, sms_enabled, quiet_hours_start, quiet_hours_end, timezone,
  created_at, updated_at
)
SELECT
  seed_uuid('user', p.person_no), true, seed_number('push', 1, 10, p.person_no) <= 7, true,
  seed_number('sms', 1, 10, p.person_no) = 1, q.quiet_from, q.quiet_to, p.timezone, p.registered_at, p.registered_at
FROM seed_people() p
CROSS JOIN LATERAL (
  SELECT
    CASE seed_number('quiet', 1, 4, p.person_no) WHEN 1 THEN time '22:00' WHEN 2 THEN '21:30' WHEN 3 THEN '13:00' END,
    CASE seed_number('quiet', 1, 4, p.person_no) WHEN 1 THEN time '07:00' WHEN 2 THEN '06:30' WHEN 3 THEN '14:30' END
) AS q (quiet_from, quiet_to)
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;

-- What each person was told, and when it was due.
WITH facts (person_no, course_no, template_no, priority, due_at, progress) AS (
  SELECT person_no, 0, 1, 2, registered_at + interval '1 minute', NULL::integer FROM seed_people() WHERE role = 'student'
  UNION ALL
  SELECT person_no, 0, 7, 1, registered_at, NULL FROM seed_people() WHERE role = 'student'
  UNION ALL
  SELECT e.person_no, e.course_no, 2, 1, e.enrolled_at, NULL
  FROM seed_enrollments() e JOIN seed_courses() c USING (course_no) WHERE c.price_cents > 0
  UNION ALL
  SELECT person_no, course_no, 3, 3, enrolled_at + interval '2 seconds', NULL FROM seed_enrollments()
  UNION ALL
  SELECT person_no, course_no, 4, 2, completed_at + interval '2 minutes', NULL
  FROM seed_enrollments() WHERE status = 'completed'
  UNION ALL
  SELECT person_no, course_no, 6, 1, enrolled_at + interval '5 days', NULL
  FROM seed_enrollments() WHERE status = 'refunded'
  UNION ALL
  -- A reminder a week after the last visit; the last of them are still to come.
  SELECT person_no, course_no, 5, 4, last_accessed_at + interval '7 days', 100 * lessons_done / lesson_count
  FROM seed_enrollments() WHERE status = 'active' AND lessons_done > 0
),
told AS (
  SELECT
    f.*, t.template_id, t.type, p.first_name, c.title AS course_title, t.subject_template, t.body_template,
    CASE
      WHEN f.due_at > seed_today() THEN 'pending'
      WHEN t.type = 'email' AND NOT p.email_verified AND f.template_no <> 7 THEN 'failed'
      ELSE 'sent'
    END AS status,
    seed_number('read-minutes', 2, 9000, f.person_no, f.course_no, f.template_no) AS read_minutes
  FROM facts f
  JOIN seed_people() p USING (person_no)
  JOIN templates t ON t.template_id = seed_uuid('template', f.template_no)
  LEFT JOIN seed_courses() c USING (course_no)
)
INSERT INTO queue (
  notification_id, user_id, template_id, type, subject, content, status, priority, scheduled_for, sent_at, read_at,
  error_message, retry_count, created_at, updated_at
)
SELECT
  seed_uuid('notification', n.person_no, n.course_no, n.template_no), seed_uuid('user', n.person_no), n.template_id,
  n.type, filled.subject, filled.content, n.status, n.priority, n.due_at,
  CASE WHEN n.status = 'sent' THEN n.due_at + interval '20 seconds' END,
  -- Two in three are read, unless that would be after today.
  CASE WHEN n.status = 'sent' AND n.read_minutes % 3 > 0
      AND n.due_at + (n.read_minutes + 1) * interval '1 minute' < seed_today()
    THEN n.due_at + (n.read_minutes + 1) * interval '1 minute' END,
  CASE WHEN n.status = 'failed' THEN '550 5.1.1 la dirección no existe' END,
  CASE WHEN n.status = 'failed' THEN 5 ELSE 0 END,
  least(n.due_at, seed_today()),
  CASE WHEN n.status = 'pending' THEN seed_today() ELSE n.due_at + interval '20 seconds' END
FROM told n
CROSS JOIN LATERAL (
  SELECT
    replace(replace(n.subject_template, '{{first_name}}', n.first_name), '{{course_title}}', coalesce(n.course_title, '')),
    replace(replace(replace(n.body_template, '{{first_name}}', n.first_name),
      '{{course_title}}', coalesce(n.course_title, '')), '{{progress}}', coalesce(n.progress::text, ''))
) AS filled (subject, content)
ORDER BY n.due_at, n.person_no, n.template_no
ON CONFLICT (notification_id) DO NOTHING;
