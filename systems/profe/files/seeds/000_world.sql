-- The world that the seeds of all eight services describe: schools of 48 people each. No service may read
-- another's schema, so each computes the same schools, people and plans from the same rules, and all of them
-- meet in the same ids. This file is the same in every service; 999_world_end.sql removes its functions again.
--
-- Chance is a hash of what it decides, and "today" is 20 October 2025: the same rows come out every time.
-- panal.scale multiplies the schools: two for each unit.

CREATE OR REPLACE FUNCTION seed_today() RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$ SELECT timestamptz '2025-10-20 15:00:00+00' $$;

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
    encode(sha256(convert_to('profe/' || kind || '/' || array_to_string(numbers, '/'), 'UTF8')), 'hex'), 32
  ) AS hash
$$;

-- A number from low to high, both included, picked by the hash of its arguments.
CREATE OR REPLACE FUNCTION seed_number(what text, low integer, high integer, VARIADIC numbers integer[])
RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT low + (get_byte(hash, 0) * 65536 + get_byte(hash, 1) * 256 + get_byte(hash, 2)) % (high - low + 1)
  FROM sha256(convert_to(what || '/' || array_to_string(numbers, '/'), 'UTF8')) AS hash
$$;

-- What stands for the bytes of a token or a file.
CREATE OR REPLACE FUNCTION seed_digest(what text, VARIADIC numbers integer[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to('profe/' || what || '/' || array_to_string(numbers, '/'), 'UTF8')), 'hex')
$$;

-- Twenty schools have names of their own; a later one is a further site of one of them.
CREATE OR REPLACE FUNCTION seed_schools() RETURNS TABLE (
  school_no integer, id uuid, name text, slug text, city text, timezone text
)
LANGUAGE sql STABLE AS $$
  WITH base (base_no, name, slug, city, timezone) AS (
    VALUES
      (1, 'Colegio San Bartolomé de la Sierra', 'san-bartolome', 'Bogotá', 'America/Bogota'),
      (2, 'Liceo Gabriela Mistral', 'gabriela-mistral', 'Medellín', 'America/Bogota'),
      (3, 'Instituto Simón Rodríguez', 'simon-rodriguez', 'Cúcuta', 'America/Bogota'),
      (4, 'Colegio Los Nogales del Sur', 'nogales-del-sur', 'Cali', 'America/Bogota'),
      (5, 'Gimnasio Campestre El Roble', 'campestre-el-roble', 'Chía', 'America/Bogota'),
      (6, 'Institución Educativa La Esperanza', 'la-esperanza', 'Pasto', 'America/Bogota'),
      (7, 'Colegio Nuestra Señora del Mar', 'senora-del-mar', 'Cartagena', 'America/Bogota'),
      (8, 'Escuela Normal del Caribe', 'normal-del-caribe', 'Barranquilla', 'America/Bogota'),
      (9, 'Colegio Policarpa Salavarrieta', 'policarpa', 'Tunja', 'America/Bogota'),
      (10, 'Liceo Rufino José Cuervo', 'rufino-cuervo', 'Armenia', 'America/Bogota'),
      (11, 'Instituto Técnico del Llano', 'tecnico-del-llano', 'Villavicencio', 'America/Bogota'),
      (12, 'Colegio Andrés Bello', 'andres-bello', 'Bucaramanga', 'America/Bogota'),
      (13, 'Unidad Educativa Pichincha', 'pichincha', 'Quito', 'America/Guayaquil'),
      (14, 'Colegio César Vallejo', 'cesar-vallejo', 'Trujillo', 'America/Lima'),
      (15, 'Liceo Valle Central', 'valle-central', 'Talca', 'America/Santiago'),
      (16, 'Escuela Rosario Vera Peñaloza', 'vera-penaloza', 'Rosario', 'America/Argentina/Cordoba'),
      (17, 'Colegio Sor Juana Inés', 'sor-juana', 'Puebla', 'America/Mexico_City'),
      (18, 'Instituto José Martí', 'jose-marti', 'Mérida', 'America/Merida'),
      (19, 'Colegio Bolivariano del Istmo', 'bolivariano', 'Panamá', 'America/Panama'),
      (20, 'Liceo José Enrique Rodó', 'enrique-rodo', 'Montevideo', 'America/Montevideo')
  )
  SELECT
    school_no, seed_uuid('school', school_no),
    base.name || CASE WHEN school_no > 20 THEN ', sede ' || (school_no - 1) / 20 + 1 ELSE '' END,
    base.slug || CASE WHEN school_no > 20 THEN '-' || (school_no - 1) / 20 + 1 ELSE '' END,
    base.city, base.timezone
  FROM generate_series(1, 2 * seed_scale()) AS school_no
  JOIN base ON base.base_no = (school_no - 1) % 20 + 1
$$;

-- The members of a school by member_no: 1 and 2 administer, 3 to 8 teach, 9 to 32 study, 33 to 48 are parents.
-- Parent p (1 to 16) answers for student p, and up to 8 also for student 16 + p, whose surname is the same.
CREATE OR REPLACE FUNCTION seed_people() RETURNS TABLE (
  school_no integer, member_no integer, id uuid, role text, teacher_no integer, student_no integer,
  parent_no integer, first_name text, last_name text, email text, joined_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH names (first_names, surnames) AS (
    SELECT
      ARRAY['Mariana', 'Andrés', 'Lucía', 'Esteban', 'Carolina', 'Gonzalo', 'Ximena', 'Rodrigo', 'Valentina',
        'Juan Pablo', 'Daniela', 'Matías', 'Fernanda', 'Diego', 'Camila', 'Santiago', 'Paola', 'Nicolás',
        'Natalia', 'Tomás', 'Gabriela', 'Sebastián', 'Alejandra', 'Kevin', 'Isabella', 'Emilio', 'María José',
        'Luis Fernando', 'Antonella', 'Óscar', 'Renata', 'Julián', 'Florencia', 'Bryan', 'Catalina', 'Samuel',
        'Yesenia', 'Manuel', 'Sofía', 'Ricardo', 'Laura', 'Mateo', 'Salomé', 'Jerónimo', 'Luciana', 'Hernán',
        'Manuela', 'Iván'],
      ARRAY['Restrepo', 'Quiroga', 'Barrientos', 'Olvera', 'Peralta', 'Zapata', 'Fuentes', 'Gómez', 'Herrera',
        'Muñoz', 'Sosa', 'Ramírez', 'Huamán', 'Rivas', 'Ledesma', 'Cárdenas', 'Aguilar', 'Cifuentes',
        'Echeverría', 'Villalobos', 'Pizarro', 'Domínguez', 'Mamani', 'Franco', 'Benítez', 'Contreras',
        'Chávez', 'Salazar', 'Solís', 'Ospina', 'Acosta', 'Cedeño', 'Vergara', 'Navarro', 'Tello', 'Batista',
        'Montenegro']
  ),
  numbered AS MATERIALIZED (
    SELECT
      s.school_no, s.slug, m AS member_no,
      CASE WHEN m <= 2 THEN 'admin' WHEN m <= 8 THEN 'teacher' WHEN m <= 32 THEN 'student' ELSE 'parent' END AS role,
      CASE WHEN m BETWEEN 3 AND 8 THEN m - 2 END AS teacher_no,
      CASE WHEN m BETWEEN 9 AND 32 THEN m - 8 END AS student_no,
      CASE WHEN m > 32 THEN m - 32 END AS parent_no,
      -- 37 and 48 have no common divisor, so nobody in a school shares a first name.
      n.first_names[(m * 37 + s.school_no * 11) % 48 + 1] AS first_name,
      -- The family: parent p's number for parents and their children, one of its own for everybody else.
      n.surnames[(s.school_no * 5 + CASE WHEN m <= 8 THEN m + 20 WHEN m > 32 THEN m - 32
        ELSE (m - 9) % 16 + 1 END) % 37 + 1] AS family,
      n.surnames[seed_number('second-surname', 1, 37, s.school_no, CASE WHEN m BETWEEN 9 AND 32
        THEN 100 + (m - 9) % 16 ELSE m END)] AS second
    FROM seed_schools() AS s, generate_series(1, 48) AS m, names AS n
  )
  SELECT
    school_no, member_no, seed_uuid('person', school_no, member_no), role, teacher_no, student_no, parent_no,
    first_name, family || ' ' || second,
    translate(lower(translate(replace(first_name, ' ', '') || '.' || family, 'ÁÉÍÓÚÑáéíóúüñ', 'AEIOUNaeiouun')), ' ', '')
      || CASE WHEN role = 'parent' THEN school_no || '@example.com' ELSE '@' || slug || '.example.org' END,
    timestamptz '2025-01-13 13:00:00+00' + make_interval(
      days => CASE WHEN role IN ('admin', 'teacher') THEN member_no ELSE seed_number('joined', 14, 40, school_no, member_no) END,
      mins => seed_number('joined-minute', 0, 500, school_no, member_no))
  FROM numbered
$$;

-- Four courses a school, six students each.
CREATE OR REPLACE FUNCTION seed_courses() RETURNS TABLE (school_no integer, course_no integer, id uuid, code text, name text, grade integer)
LANGUAGE sql STABLE AS $$
  SELECT s.school_no, c.course_no, seed_uuid('course', s.school_no, c.course_no), c.code, c.name, c.grade
  FROM seed_schools() AS s,
    (VALUES (1, '6A', 'Sexto A', 6), (2, '7A', 'Séptimo A', 7), (3, '8A', 'Octavo A', 8), (4, '9A', 'Noveno A', 9))
      AS c (course_no, code, name, grade)
$$;

-- Six shared subjects, the teacher of the same number gives each; 7 is the school's own.
CREATE OR REPLACE FUNCTION seed_subjects() RETURNS TABLE (subject_no integer, code text, name text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES (1, 'MAT', 'Matemáticas'), (2, 'LEN', 'Lengua Castellana'), (3, 'CNA', 'Ciencias Naturales'),
    (4, 'CSO', 'Ciencias Sociales'), (5, 'ING', 'Inglés'), (6, 'ART', 'Educación Artística')
$$;

-- A teacher leaves out one course in three; number 6 assists where he does not teach.
CREATE OR REPLACE FUNCTION seed_teaching() RETURNS TABLE (teacher_no integer, course_no integer, member_role text)
LANGUAGE sql IMMUTABLE AS $$
  SELECT t, c, CASE WHEN (t + c) % 3 <> 0 THEN 'teacher' ELSE 'assistant' END
  FROM generate_series(1, 6) AS t, generate_series(1, 4) AS c
  WHERE (t + c) % 3 <> 0 OR t = 6
$$;

-- Ten reinforcement plans a school; the teacher's number is the subject's.
CREATE OR REPLACE FUNCTION seed_plans() RETURNS TABLE (
  school_no integer, plan_no integer, id uuid, subject_no integer, course_no integer, title text,
  description text, status text, difficulty text, days integer, made_at timestamptz
)
LANGUAGE sql STABLE AS $$
  SELECT
    s.school_no, p.plan_no, seed_uuid('plan', s.school_no, p.plan_no), p.subject_no, p.course_no, p.title,
    p.description, p.status, p.difficulty, p.days,
    p.made_at + make_interval(hours => seed_number('plan-hour', 0, 50, s.school_no, p.plan_no))
  FROM seed_schools() AS s, (VALUES
    (1, 1, 1, 'Fracciones sin miedo', 'Equivalencias, sumas y restas con material concreto y problemas de cocina.',
      'active', 'easy', 10, timestamptz '2025-09-22 13:00+00'),
    (2, 1, 4, 'Ecuaciones de primer grado', 'De la balanza al lenguaje algebraico, con comprobación paso a paso.',
      'active', 'medium', 14, '2025-09-15 13:00+00'),
    (3, 2, 2, 'Comprensión de textos narrativos', 'Idea principal, inferencias y punto de vista en cuentos cortos.',
      'active', 'medium', 12, '2025-09-18 13:00+00'),
    (4, 3, 2, 'La célula y sus partes', 'Repaso con esquemas, microscopio virtual y un glosario ilustrado.',
      'completed', 'easy', 8, '2025-07-28 13:00+00'),
    (5, 3, 4, 'Fuerzas y movimiento', 'Leyes de Newton con experimentos que caben en una mesa.',
      'active', 'hard', 15, '2025-10-01 13:00+00'),
    (6, 4, 1, 'Regiones naturales de Colombia', 'Mapas mudos, climas y formas de vida de las seis regiones.',
      'active', 'easy', 7, '2025-10-06 13:00+00'),
    (7, 4, 3, 'Independencia: causas y actores', 'Línea de tiempo, fuentes primarias y un debate final.',
      'completed', 'medium', 10, '2025-08-11 13:00+00'),
    (8, 5, 2, 'Pasado simple en inglés', 'Verbos regulares e irregulares con diarios de viaje.',
      'active', 'medium', 12, '2025-09-29 13:00+00'),
    (9, 5, 3, 'Presentaciones orales en inglés', 'Preparar y grabar una presentación de tres minutos.',
      'draft', 'hard', 9, '2025-10-16 13:00+00'),
    (10, 2, 3, 'Ortografía: tildes y mayúsculas', 'Dictados cortos y corrección entre pares.',
      'archived', 'easy', 5, '2025-05-12 13:00+00')
  ) AS p (plan_no, subject_no, course_no, title, description, status, difficulty, days, made_at)
$$;

-- Each plan but the draft is assigned to four of the six students of its course, less whoever left.
CREATE OR REPLACE FUNCTION seed_results() RETURNS TABLE (
  school_no integer, plan_no integer, student_no integer, completion integer, score numeric, minutes integer,
  assigned_at timestamptz, completed_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH chosen AS MATERIALIZED (
    SELECT
      p.school_no, p.plan_no, p.status, p.days, (p.course_no - 1) * 6 + place AS student_no,
      p.made_at + interval '2 days' AS assigned_at,
      seed_number('completion', 0, 19, p.school_no, p.plan_no, place) * 5 AS part,
      seed_number('score', 55, 98, p.school_no, p.plan_no, place) AS points,
      seed_number('pace', 60, 260, p.school_no, p.plan_no, place) AS pace,
      seed_number('done', 1, 100, p.school_no, p.plan_no, place) AS fate
    FROM seed_plans() AS p, generate_series(1, 6) AS place
    WHERE p.status <> 'draft' AND (place + p.plan_no + p.school_no) % 3 <> 0
      -- Student 12 left in August.
      AND NOT ((p.course_no - 1) * 6 + place = 12 AND p.made_at > timestamptz '2025-08-01')
  ),
  judged AS MATERIALIZED (
    SELECT c.*, c.status IN ('completed', 'archived') OR c.fate <= 25 AS done FROM chosen AS c
  )
  SELECT
    school_no, plan_no, student_no, CASE WHEN done THEN 100 ELSE part END,
    CASE WHEN done THEN points END, pace * CASE WHEN done THEN 100 ELSE part END / 100, assigned_at,
    CASE WHEN done THEN least(assigned_at + make_interval(days => days, mins => pace), seed_today() - interval '1 day') END
  FROM judged
$$;

-- Per plan its guide (output) and, for every second one, a worksheet (template); per school a calendar.
-- uploader is a member's number. file_no: 1 to 10 guides, 11 to 20 worksheets, 21 the calendar, 22 a photo of
-- the homework of student 1, 23 the notes that a teacher gave the generator.
CREATE OR REPLACE FUNCTION seed_files() RETURNS TABLE (
  school_no integer, file_no integer, id uuid, plan_no integer, uploader integer, filename text, mime_type text,
  visibility text, file_role text, made_at timestamptz
)
LANGUAGE sql STABLE AS $$
  WITH slugs AS (
    SELECT p.*, trim(BOTH '-' FROM regexp_replace(
      translate(lower(p.title), 'áéíóúüñ', 'aeiouun'), '[^a-z0-9]+', '-', 'g')) AS slug
    FROM seed_plans() AS p
  ),
  listed AS (
    SELECT school_no, plan_no AS file_no, plan_no, subject_no + 2 AS uploader, 'guia-' || slug || '.pdf' AS filename,
      'application/pdf' AS mime_type, 'private' AS visibility, 'output' AS file_role, made_at + interval '20 minutes' AS made_at
    FROM slugs
    UNION ALL
    SELECT school_no, 10 + plan_no, plan_no, subject_no + 2, 'taller-' || slug || '.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      CASE WHEN plan_no % 4 = 0 THEN 'organization' ELSE 'private' END, 'template', made_at + interval '1 hour'
    FROM slugs WHERE plan_no % 2 = 0
    UNION ALL
    SELECT school_no, 21, NULL, 2, 'calendario-escolar-2025.pdf', 'application/pdf', 'public', NULL,
      timestamptz '2025-01-20 14:00+00' FROM seed_schools()
    UNION ALL
    SELECT school_no, 22, NULL, 9, 'tarea-fracciones.jpg', 'image/jpeg', 'private', NULL,
      timestamptz '2025-10-02 22:15+00' FROM seed_schools()
    UNION ALL
    SELECT school_no, 23, plan_no, subject_no + 2, 'apuntes-' || slug || '.txt', 'text/plain', 'private', 'input',
      made_at - interval '1 hour' FROM slugs WHERE plan_no = 2
  )
  SELECT school_no, file_no, seed_uuid('file', school_no, file_no), plan_no, uploader, filename, mime_type,
    visibility, file_role, made_at
  FROM listed
$$;
