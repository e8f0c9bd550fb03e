-- Profiles, preferences and statistics of everyone in auth.

WITH bios (base_no, bio, website) AS (
  VALUES
    (1, 'Ingeniera de datos. Llevo quince años modelando bases para bancos y hospitales de Medellín; hoy enseño lo que me habría gustado saber al empezar.', 'https://mariana.example.org'),
    (2, 'Estadístico y programador. Trabajé en transporte público en Santiago y colaboro con proyectos de datos abiertos.', 'https://fuentealba.example.org'),
    (3, 'Desarrolladora web desde los tiempos de los marcos. Mantengo bibliotecas libres y doy clases en la universidad.', 'https://barrientos.example.org'),
    (4, 'Diseñadora de producto. Creo en hablar con la gente antes de abrir Figma.', 'https://ximena.example.org'),
    (5, 'Administrador y docente. Acompaño a familias y pequeños negocios a ordenar sus cuentas.', NULL),
    (6, 'Profesora de inglés y fotógrafa. He preparado a más de seiscientas personas para entrevistas.', 'https://carolina.example.org'),
    (7, 'Equipo de soporte de ACC LMS.', NULL),
    (8, 'Contadora en una cooperativa; aprendo análisis de datos para dejar de copiar y pegar.', NULL),
    (9, 'Desarrollador frontend que se pasa al backend.', NULL),
    (10, 'Periodista de datos.', 'https://danielam.example.com'),
    (13, 'Estudiante de sistemas en la UNI de Lima.', NULL),
    (14, 'Diseñadora gráfica, mamá de dos, siempre con un curso a medias.', NULL),
    (17, 'Dueño de un taller de bicicletas en Guadalajara.', NULL),
    (20, 'Bibliotecóloga. Me gustan los catálogos y las preguntas bien hechas.', NULL),
    (23, 'Técnico en redes en El Alto. Quiero trabajar en remoto.', NULL),
    (26, 'Traductora. Vivo entre Caracas y Bogotá.', NULL),
    (28, 'Emprendo con una florería en Córdoba.', 'https://floreria.example.com'),
    (31, 'Profesor de matemáticas que descubrió Python.', NULL),
    (34, 'Ingeniera comercial, curiosa de los datos.', NULL),
    (37, 'Soporte técnico de día, JavaScript de noche.', NULL),
    (40, 'Arquitecta. Modelar edificios y modelar datos se parecen.', NULL)
)
INSERT INTO profiles (
  user_id, first_name, last_name, avatar_url, bio, website, social_links, timezone, language, created_at, updated_at
)
SELECT
  seed_uuid('user', p.person_no), p.first_name, p.last_name,
  CASE WHEN seed_number('avatar', 1, 3, p.person_no) > 1
    THEN format('https://avatars.example.org/%s.webp', seed_uuid('user', p.person_no)) END,
  b.bio, b.website,
  CASE WHEN b.bio IS NULL THEN '{}' ELSE jsonb_build_object('linkedin', 'https://linkedin.example.org/in/' || split_part(p.email, '@', 1)) END,
  p.timezone, 'es-' || p.country, p.registered_at, p.registered_at
FROM seed_people() p
LEFT JOIN bios b ON b.base_no = p.person_no
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;

INSERT INTO preferences (user_id, email_notifications, privacy, accessibility, created_at, updated_at)
SELECT
  seed_uuid('user', p.person_no),
  jsonb_build_object(
    'course_updates', true,
    'reminders', seed_number('reminders', 1, 4, p.person_no) > 1,
    'marketing', seed_number('marketing', 1, 3, p.person_no) = 1
  ),
  jsonb_build_object(
    'profile_visibility', CASE WHEN p.role = 'student' THEN (ARRAY['students', 'students', 'private'])[
      seed_number('visibility', 1, 3, p.person_no)] ELSE 'public' END,
    'show_progress', seed_number('show-progress', 1, 2, p.person_no) = 1
  ),
  CASE seed_number('accessibility', 1, 10, p.person_no)
    WHEN 1 THEN '{"captions": true, "font_scale": 1.25}'::jsonb
    WHEN 2 THEN '{"high_contrast": true}'::jsonb
    WHEN 3 THEN '{"captions": true}'::jsonb
    ELSE '{}'::jsonb
  END,
  p.registered_at, p.registered_at
FROM seed_people() p
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;

WITH studied AS (
  SELECT
    person_no, count(*) FILTER (WHERE status <> 'refunded') AS enrolled,
    count(*) FILTER (WHERE status = 'completed') AS completed, max(last_accessed_at) AS last_accessed_at
  FROM seed_enrollments() GROUP BY person_no
),
learned AS (
  SELECT person_no, sum(time_spent_seconds) / 60 AS minutes FROM seed_progress() GROUP BY person_no
)
INSERT INTO stats (
  user_id, courses_enrolled, courses_completed, total_learning_time_minutes, current_streak_days,
  longest_streak_days, created_at, updated_at
)
SELECT
  seed_uuid('user', p.person_no), coalesce(s.enrolled, 0), coalesce(s.completed, 0), coalesce(l.minutes, 0),
  -- Whoever did not study yesterday or today has no running streak.
  CASE WHEN s.last_accessed_at > seed_today() - interval '1 day' THEN least(3, streak.longest) ELSE 0 END,
  streak.longest, p.registered_at, coalesce(s.last_accessed_at, p.registered_at)
FROM seed_people() p
LEFT JOIN studied s USING (person_no)
LEFT JOIN learned l USING (person_no)
CROSS JOIN LATERAL (
  SELECT CASE WHEN coalesce(l.minutes, 0) = 0 THEN 0
    ELSE least(1 + l.minutes / 60, seed_number('streak', 2, 16, p.person_no))::integer END AS longest
) AS streak
ORDER BY p.person_no
ON CONFLICT (user_id) DO NOTHING;
