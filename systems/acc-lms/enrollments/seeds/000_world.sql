-- The world that the seeds of all eight services describe. No service may read another's schema, so each
-- computes the same people, enrolments and reviews from the same rules, and all of them meet in the same
-- ids. This file is the same in every service; 999_world_end.sql removes its functions again.
--
-- Chance is a hash of what it decides, and "today" is 15 December 2025: the same rows come out every time.
-- panal.scale multiplies the people, in cohorts of 40, and with them whatever they do.

CREATE OR REPLACE FUNCTION seed_today() RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$ SELECT timestamptz '2025-12-15 15:00:00+00' $$;

CREATE OR REPLACE FUNCTION seed_scale() RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT greatest(1, coalesce(nullif(current_setting('panal.scale', true), ''), '1')::integer)
$$;

-- The id of a thing, from its kind and its numbers (version 8: a UUID by a rule of one's own); null when a
-- number is.
CREATE OR REPLACE FUNCTION seed_uuid(kind text, VARIADIC numbers integer[]) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN array_position(numbers, NULL) IS NULL
    THEN overlay(overlay(hash PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid END
  FROM left(
    encode(sha256(convert_to('acc-lms/' || kind || '/' || array_to_string(numbers, '/'), 'UTF8')), 'hex'), 32
  ) AS hash
$$;

-- A number from low to high, both included, picked by the hash of its arguments.
CREATE OR REPLACE FUNCTION seed_number(what text, low integer, high integer, VARIADIC numbers integer[])
RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT low + (get_byte(hash, 0) * 65536 + get_byte(hash, 1) * 256 + get_byte(hash, 2)) % (high - low + 1)
  FROM sha256(convert_to(what || '/' || array_to_string(numbers, '/'), 'UTF8')) AS hash
$$;

-- instructor is a person's number; ratings are those of the first four reviewers, then around again.
CREATE OR REPLACE FUNCTION seed_courses() RETURNS TABLE (
  course_no integer, slug text, title text, quiz_title text, instructor integer, price_cents integer,
  published_at timestamptz, section_sizes integer[], popularity integer, ratings integer[]
)
LANGUAGE sql STABLE AS $$
  VALUES
    (1, 'sql-desde-cero-con-postgresql', 'SQL desde cero con PostgreSQL', 'Consultas con varias tablas',
     1, 3900, timestamptz '2025-02-03 14:00+00', '{4,4,4}'::integer[], 100, '{5,4,5,5}'::integer[]),
    (2, 'diseno-de-bases-de-datos-relacionales', 'Diseño de bases de datos relacionales', 'Normalización y claves',
     1, 4900, '2025-03-17 14:00+00', '{4,4,3}', 70, '{5,5,4,3}'),
    (3, 'python-para-analisis-de-datos', 'Python para análisis de datos', 'Tablas con pandas',
     2, 4500, '2025-02-24 15:00+00', '{4,4,4}', 95, '{4,5,5,4}'),
    (4, 'introduccion-al-aprendizaje-automatico', 'Introducción al aprendizaje automático', 'Modelos supervisados',
     2, 6900, '2025-05-12 15:00+00', '{4,4,4}', 65, '{5,3,4,5}'),
    (5, 'javascript-moderno', 'JavaScript moderno', 'Funciones y asincronía',
     3, 3500, '2025-02-10 13:00+00', '{4,4,4}', 85, '{4,5,3,5}'),
    (6, 'apis-rest-con-nodejs-y-typescript', 'APIs REST con Node.js y TypeScript', 'Recursos, rutas y códigos HTTP',
     3, 5500, '2025-04-07 13:00+00', '{4,4,4}', 75, '{5,5,4,5}'),
    (7, 'diseno-de-interfaces-con-figma', 'Diseño de interfaces con Figma', 'Componentes y estilos',
     4, 3200, '2025-03-03 16:00+00', '{3,4,3}', 70, '{5,4,4,5}'),
    (8, 'investigacion-de-usuarios-paso-a-paso', 'Investigación de usuarios paso a paso', 'Entrevistas sin sesgos',
     4, 2900, '2025-06-16 16:00+00', '{3,4,3}', 45, '{4,5,5,2}'),
    (9, 'finanzas-personales-para-empezar', 'Finanzas personales para empezar', 'Presupuesto y deudas',
     5, 0, '2025-02-17 12:00+00', '{3,3,3}', 90, '{5,5,4,4}'),
    (10, 'marketing-digital-para-pequenos-negocios', 'Marketing digital para pequeños negocios',
     'Contenido y anuncios', 5, 2500, '2025-04-28 12:00+00', '{4,4,3}', 60, '{4,3,5,4}'),
    (11, 'ingles-para-entrevistas-de-trabajo', 'Inglés para entrevistas de trabajo', 'Contar la experiencia',
     6, 2900, '2025-05-26 14:00+00', '{4,4,3}', 80, '{5,4,5,5}'),
    (12, 'fotografia-de-producto-con-el-celular', 'Fotografía de producto con el celular', 'Luz y composición',
     6, 2200, NULL, '{3,3,2}', 0, '{5,5,5,5}')
$$;

-- The last lesson of the second section is the course's quiz; the first lesson of all is a video.
CREATE OR REPLACE FUNCTION seed_lessons() RETURNS TABLE (
  course_no integer, section_no integer, position_no integer, lesson_no integer, is_quiz boolean,
  content_type text, duration_seconds integer
)
LANGUAGE sql STABLE AS $$
  WITH places AS (
    SELECT
      c.course_no, s.section_no::integer, p AS position_no,
      row_number() OVER (PARTITION BY c.course_no ORDER BY s.section_no, p)::integer AS lesson_no,
      s.section_no = 2 AND p = s.size AS is_quiz
    FROM seed_courses() c
    CROSS JOIN LATERAL unnest(c.section_sizes) WITH ORDINALITY AS s (size, section_no)
    CROSS JOIN LATERAL generate_series(1, s.size) AS p
  ),
  kinds AS MATERIALIZED (
    SELECT places.*, CASE
      WHEN is_quiz THEN 'quiz'
      WHEN lesson_no = 1 THEN 'video'
      ELSE (ARRAY['video', 'video', 'video', 'video', 'article', 'document'])[
        seed_number('lesson-kind', 1, 6, course_no, lesson_no)]
    END AS kind
    FROM places
  )
  SELECT course_no, section_no, position_no, lesson_no, is_quiz, kind, CASE kind
    WHEN 'quiz' THEN 900
    WHEN 'video' THEN seed_number('video-seconds', 285, 1140, course_no, lesson_no)
    ELSE 60 * seed_number('reading-minutes', 4, 14, course_no, lesson_no)
  END
  FROM kinds
$$;

-- 1 to 6 teach, 7 administers, the rest study; later cohorts are students who mix the same names.
CREATE OR REPLACE FUNCTION seed_people() RETURNS TABLE (
  person_no integer, base_no integer, first_name text, last_name text, email text, role text, timezone text,
  country text, email_verified boolean, registered_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH base (base_no, first_name, last_name, timezone, country, domain) AS (
    VALUES
      (1, 'Mariana', 'Restrepo Vélez', 'America/Bogota', 'CO', 'example.org'),
      (2, 'Andrés', 'Fuentealba Rojas', 'America/Santiago', 'CL', 'example.org'),
      (3, 'Lucía', 'Barrientos', 'America/Argentina/Buenos_Aires', 'AR', 'example.org'),
      (4, 'Ximena', 'Olvera Castro', 'America/Mexico_City', 'MX', 'example.org'),
      (5, 'Gonzalo', 'Peralta Núñez', 'America/Lima', 'PE', 'example.org'),
      (6, 'Carolina', 'Whitman Duarte', 'America/Montevideo', 'UY', 'example.org'),
      (7, 'Esteban', 'Quiroga', 'America/Bogota', 'CO', 'example.org'),
      (8, 'Valentina', 'Gómez Arango', 'America/Bogota', 'CO', 'example.com'),
      (9, 'Juan Pablo', 'Herrera', 'America/Bogota', 'CO', 'example.net'),
      (10, 'Daniela', 'Muñoz Sepúlveda', 'America/Santiago', 'CL', 'example.com'),
      (11, 'Matías', 'Sosa', 'America/Argentina/Buenos_Aires', 'AR', 'example.com'),
      (12, 'Fernanda', 'Ramírez Luna', 'America/Mexico_City', 'MX', 'example.net'),
      (13, 'Diego', 'Huamán Quispe', 'America/Lima', 'PE', 'example.com'),
      (14, 'Camila', 'Rivas Montoya', 'America/Bogota', 'CO', 'example.com'),
      (15, 'Santiago', 'Ledesma', 'America/Argentina/Buenos_Aires', 'AR', 'example.net'),
      (16, 'Paola', 'Cárdenas Ortiz', 'America/Guayaquil', 'EC', 'example.com'),
      (17, 'Rodrigo', 'Aguilar Medina', 'America/Mexico_City', 'MX', 'example.com'),
      (18, 'Natalia', 'Cifuentes', 'America/Bogota', 'CO', 'example.net'),
      (19, 'Tomás', 'Echeverría', 'America/Montevideo', 'UY', 'example.com'),
      (20, 'Gabriela', 'Villalobos Mora', 'America/Costa_Rica', 'CR', 'example.com'),
      (21, 'Sebastián', 'Pizarro', 'America/Santiago', 'CL', 'example.net'),
      (22, 'Alejandra', 'Domínguez Ruiz', 'America/Mexico_City', 'MX', 'example.com'),
      (23, 'Kevin', 'Mamani Condori', 'America/La_Paz', 'BO', 'example.com'),
      (24, 'Isabella', 'Franco Zapata', 'America/Bogota', 'CO', 'example.com'),
      (25, 'Nicolás', 'Benítez', 'America/Asuncion', 'PY', 'example.net'),
      (26, 'María José', 'Contreras', 'America/Caracas', 'VE', 'example.com'),
      (27, 'Luis Fernando', 'Chávez', 'America/Guatemala', 'GT', 'example.com'),
      (28, 'Antonella', 'Bianchi', 'America/Argentina/Cordoba', 'AR', 'example.com'),
      (29, 'Óscar', 'Salazar Pineda', 'America/Tegucigalpa', 'HN', 'example.net'),
      (30, 'Renata', 'Solís Guerrero', 'America/Monterrey', 'MX', 'example.com'),
      (31, 'Julián', 'Ospina', 'America/Bogota', 'CO', 'example.com'),
      (32, 'Florencia', 'Acosta', 'America/Montevideo', 'UY', 'example.net'),
      (33, 'Bryan', 'Cedeño Loor', 'America/Guayaquil', 'EC', 'example.com'),
      (34, 'Catalina', 'Vergara Leiva', 'America/Santiago', 'CL', 'example.com'),
      (35, 'Emilio', 'Navarro Ríos', 'America/Tijuana', 'MX', 'example.com'),
      (36, 'Yesenia', 'Tello Paredes', 'America/Lima', 'PE', 'example.net'),
      (37, 'Manuel', 'Batista Reyes', 'America/Santo_Domingo', 'DO', 'example.com'),
      (38, 'Sofía', 'Insfrán', 'America/Asuncion', 'PY', 'example.com'),
      (39, 'Ricardo', 'Montenegro Vega', 'America/Panama', 'PA', 'example.com'),
      (40, 'Laura', 'Hincapié Torres', 'America/Bogota', 'CO', 'example.net')
  ),
  people AS MATERIALIZED (
    SELECT
      cohort * 40 + b.base_no AS person_no, cohort, b.base_no, b.first_name, b.timezone, b.country, b.domain,
      CASE WHEN cohort = 0 THEN b.last_name ELSE
        split_part((SELECT o.last_name FROM base o
          WHERE o.base_no = seed_number('surname', 1, 40, cohort, b.base_no)), ' ', 1) || ' ' ||
        split_part((SELECT o.last_name FROM base o
          WHERE o.base_no = seed_number('second-surname', 1, 40, cohort, b.base_no)), ' ', 1)
      END AS last_name
    FROM base b
    CROSS JOIN generate_series(0, seed_scale() - 1) AS cohort
  )
  SELECT
    person_no, base_no, first_name, last_name,
    translate(lower(translate(
      replace(first_name, ' ', '') || '.' || split_part(last_name, ' ', 1), 'ÁÉÍÓÚÑáéíóúüñ', 'AEIOUNaeiouun'
    )), ' ', '') || CASE WHEN cohort > 0 THEN person_no::text ELSE '' END || '@' || domain,
    CASE
      WHEN person_no <= 6 THEN 'instructor'
      WHEN person_no = 7 THEN 'admin'
      ELSE 'student'
    END,
    timezone, country,
    person_no <= 7 OR seed_number('verified', 1, 100, person_no) <= 92,
    CASE
      WHEN person_no <= 7 THEN timestamptz '2025-01-06 13:00:00+00' + make_interval(days => person_no, mins => 17 * person_no)
      ELSE timestamptz '2025-01-20 12:00:00+00' + make_interval(
        days => seed_number('registered-day', 0, 300, person_no),
        secs => seed_number('registered-second', 0, 43199, person_no)
      )
    END
  FROM people
$$;

-- Each student takes one to five published courses, the popular ones sooner. lessons_done are the first so
-- many; one more may be under way. Access lasts 270 days unless the course is completed.
-- MATERIALIZED keeps the planner from repeating each step's expressions in every later one: 6 times slower.
CREATE OR REPLACE FUNCTION seed_enrollments() RETURNS TABLE (
  person_no integer, course_no integer, enrolled_at timestamptz, status text, lesson_count integer,
  lessons_done integer, under_way boolean, started_at timestamptz, step interval, completed_at timestamptz,
  last_accessed_at timestamptz, expires_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH wishes AS MATERIALIZED (
    SELECT
      p.person_no, p.registered_at, c.course_no, c.published_at, c.price_cents, c.section_sizes,
      row_number() OVER (
        PARTITION BY p.person_no
        ORDER BY seed_number('wish', 1, 100, p.person_no, c.course_no) * (c.popularity + 60) DESC, c.course_no
      )::integer AS rank
    FROM seed_people() p
    JOIN seed_courses() c ON c.published_at IS NOT NULL
    WHERE p.role = 'student'
  ),
  dated AS MATERIALIZED (
    SELECT
      w.person_no, w.course_no, w.price_cents,
      greatest(w.registered_at, w.published_at) + make_interval(
        days => w.rank * seed_number('delay-days', 1, 22, w.person_no, w.course_no),
        secs => seed_number('delay-seconds', 600, 40000, w.person_no, w.course_no)
      ) AS enrolled_at,
      seed_number('fate', 1, 100, w.person_no, w.course_no) AS fate,
      seed_number('step-hours', 7, 58, w.person_no, w.course_no) * interval '1 hour'
        + seed_number('step-minutes', 0, 59, w.person_no, w.course_no) * interval '1 minute' AS step,
      (SELECT sum(size)::integer FROM unnest(w.section_sizes) AS size) AS lesson_count
    FROM wishes w
    WHERE w.rank <= seed_number('wishes', 1, 5, w.person_no)
  ),
  paced AS MATERIALIZED (
    SELECT
      d.*, d.fate <= 4 AND d.price_cents > 0 AS refunded,
      d.enrolled_at + seed_number('start-minutes', 5, 4000, d.person_no, d.course_no) * interval '1 minute' AS start,
      CASE
        WHEN d.fate <= 4 AND d.price_cents > 0 THEN seed_number('done', 0, 2, d.person_no, d.course_no)
        WHEN d.fate BETWEEN 13 AND 45 THEN d.lesson_count
        ELSE seed_number('done', 0, d.lesson_count - 1, d.person_no, d.course_no)
      END AS wanted
    FROM dated d
    WHERE d.enrolled_at < seed_today() - interval '1 day'
  ),
  walked AS MATERIALIZED (
    SELECT
      p.*, p.start < seed_today() AS has_started,
      CASE WHEN p.start < seed_today()
        THEN least(p.wanted, floor(extract(epoch FROM seed_today() - p.start) / extract(epoch FROM p.step))::integer)
        ELSE 0
      END AS done
    FROM paced p
  ),
  judged AS MATERIALIZED (
    SELECT
      w.*,
      CASE
        WHEN w.refunded THEN 'refunded'
        WHEN w.done = w.lesson_count THEN 'completed'
        WHEN w.enrolled_at + interval '270 days' < seed_today() THEN 'expired'
        WHEN w.fate BETWEEN 5 AND 12 THEN 'paused'
        ELSE 'active'
      END AS status,
      w.has_started AND w.done < w.lesson_count
        AND w.start + (w.done + 1) * w.step < seed_today()
        AND (w.done = 0 OR seed_number('under-way', 1, 10, w.person_no, w.course_no) <= 7) AS under_way
    FROM walked w
  )
  SELECT
    j.person_no, j.course_no, j.enrolled_at, j.status, j.lesson_count, j.done, j.under_way,
    CASE WHEN j.done > 0 OR j.under_way THEN j.start END,
    j.step,
    CASE WHEN j.status = 'completed' THEN j.start + j.done * j.step END,
    CASE
      WHEN j.under_way THEN j.start + (j.done + 1) * j.step
      WHEN j.done > 0 THEN j.start + j.done * j.step
    END,
    j.enrolled_at + interval '270 days'
  FROM judged j
$$;

-- Every lesson a person opened: those done, and the one under way.
CREATE OR REPLACE FUNCTION seed_progress() RETURNS TABLE (
  person_no integer, course_no integer, lesson_no integer, status text, percentage integer,
  time_spent_seconds integer, last_position_seconds integer, opened_at timestamptz, touched_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH opened AS MATERIALIZED (
    SELECT
      e.person_no, e.course_no, l.lesson_no, l.duration_seconds, l.lesson_no <= e.lessons_done AS done,
      seed_number('percentage', 5, 90, e.person_no, e.course_no, l.lesson_no) AS part,
      seed_number('pace', 85, 150, e.person_no, e.course_no, l.lesson_no) AS pace,
      e.started_at + l.lesson_no * e.step AS touched_at
    FROM seed_enrollments() e
    JOIN seed_lessons() l ON l.course_no = e.course_no
      AND l.lesson_no <= e.lessons_done + CASE WHEN e.under_way THEN 1 ELSE 0 END
  ),
  timed AS (
    SELECT o.*, o.duration_seconds * o.pace / 100 * CASE WHEN o.done THEN 100 ELSE o.part END / 100 AS spent
    FROM opened o
  )
  SELECT
    person_no, course_no, lesson_no, CASE WHEN done THEN 'completed' ELSE 'in_progress' END,
    CASE WHEN done THEN 100 ELSE part END, spent,
    CASE WHEN done THEN duration_seconds ELSE duration_seconds * part / 100 END,
    touched_at - spent * interval '1 second', touched_at
  FROM timed
$$;

-- Some of those who saw at least half of a course review it. turn numbers a course's reviews; cohorts come
-- one after the other, so that a larger scale adds reviews and changes none.
CREATE OR REPLACE FUNCTION seed_reviews() RETURNS TABLE (
  person_no integer, course_no integer, turn integer, rating integer, is_public boolean, reviewed_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH reviewers AS (
    SELECT
      e.person_no, e.course_no,
      e.last_accessed_at + seed_number('review-minutes', 20, 5000, e.person_no, e.course_no) * interval '1 minute'
        AS reviewed_at,
      row_number() OVER (
        PARTITION BY e.course_no
        ORDER BY (e.person_no - 1) / 40, seed_number('review-turn', 1, 9999, e.person_no, e.course_no), e.person_no
      )::integer AS turn
    FROM seed_enrollments() e
    WHERE e.status <> 'refunded' AND e.lessons_done * 2 >= e.lesson_count
      AND seed_number('reviews', 1, 100, e.person_no, e.course_no) <= 70
      AND e.last_accessed_at < seed_today() - interval '5 days'
  )
  SELECT
    r.person_no, r.course_no, r.turn, c.ratings[(r.turn - 1) % 4 + 1],
    seed_number('public', 1, 20, r.person_no, r.course_no) > 1, r.reviewed_at
  FROM reviewers r
  JOIN seed_courses() c USING (course_no)
$$;
