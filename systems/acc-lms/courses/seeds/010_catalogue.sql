-- Categories, courses, sections and lessons. The catalogue does not grow with the scale; its counters do.

INSERT INTO categories (category_id, name, slug, parent_category_id, created_at, updated_at)
SELECT
  seed_uuid('category', number), name, slug, seed_uuid('category', parent),
  timestamptz '2025-01-05 12:00:00+00', timestamptz '2025-01-05 12:00:00+00'
FROM (
  VALUES
    (1, 'Tecnología', 'tecnologia', NULL),
    (2, 'Bases de datos', 'bases-de-datos', 1),
    (3, 'Ciencia de datos', 'ciencia-de-datos', 1),
    (4, 'Desarrollo web', 'desarrollo-web', 1),
    (5, 'Diseño', 'diseno', NULL),
    (6, 'Interfaces', 'interfaces', 5),
    (7, 'Investigación', 'investigacion', 5),
    (8, 'Negocios', 'negocios', NULL),
    (9, 'Finanzas', 'finanzas', 8),
    (10, 'Marketing', 'marketing', 8),
    (11, 'Idiomas', 'idiomas', NULL),
    (12, 'Inglés', 'ingles', 11),
    (13, 'Fotografía', 'fotografia', 5)
) AS rows (number, name, slug, parent)
ORDER BY number
ON CONFLICT (category_id) DO NOTHING;

WITH details (course_no, category, level, requirements, objectives, audience) AS (
  VALUES
    (1, 2, 'beginner', '["Saber usar una hoja de cálculo", "Un navegador actualizado"]',
      '["Escribir consultas con filtros, uniones y agrupaciones", "Usar funciones de ventana", "Armar un informe que se actualiza solo"]',
      '["Analistas que dependen de otras personas para sacar datos", "Estudiantes de primeros semestres", "Quien administra un negocio con datos propios"]'),
    (2, 2, 'intermediate', '["Escribir consultas SQL con JOIN", "Haber usado alguna base de datos relacional"]',
      '["Pasar de reglas de negocio a un modelo entidad-relación", "Normalizar hasta la tercera forma", "Elegir claves, restricciones e índices", "Cambiar un esquema con datos en producción"]',
      '["Personas que desarrollan software", "Analistas que quieren modelar"]'),
    (3, 3, 'beginner', '["Computador con 4 GB de memoria", "Ganas de leer mensajes de error"]',
      '["Programar lo básico en Python", "Limpiar y cruzar datos con pandas", "Publicar un informe reproducible"]',
      '["Periodistas y personas de ciencias sociales", "Analistas que vienen de Excel"]'),
    (4, 3, 'intermediate', '["Python básico y pandas", "Estadística descriptiva"]',
      '["Entrenar y evaluar modelos de regresión y clasificación", "Reconocer sobreajuste y sesgos", "Explicar resultados a quien decide"]',
      '["Analistas de datos", "Personas que desarrollan y quieren pasar a datos"]'),
    (5, 4, 'beginner', '["HTML y CSS básicos"]',
      '["Escribir JavaScript actual con módulos", "Manejar promesas y async/await", "Depurar y probar en el navegador"]',
      '["Quien empieza en desarrollo web", "Personas que aprendieron con jQuery"]'),
    (6, 4, 'intermediate', '["JavaScript moderno", "Línea de comandos y Git"]',
      '["Diseñar recursos y contratos", "Validar, autenticar y paginar", "Desplegar y observar una API"]',
      '["Personas de frontend que pasan a backend", "Equipos pequeños que publican servicios"]'),
    (7, 6, 'beginner', '["Cuenta gratuita de Figma"]',
      '["Componer pantallas con retícula, tipografía y color", "Crear componentes con variantes", "Entregar diseños a desarrollo"]',
      '["Personas de diseño gráfico que pasan a digital", "Quien desarrolla y quiere diseñar mejor"]'),
    (8, 7, 'intermediate', '["Haber participado en un proyecto digital"]',
      '["Planear una investigación pequeña", "Entrevistar sin inducir", "Convertir notas en hallazgos"]',
      '["Personas de diseño y producto", "Emprendedores que validan una idea"]'),
    (9, 9, 'beginner', '[]',
      '["Hacer un presupuesto que se cumple", "Ordenar y pagar deudas", "Empezar un fondo de emergencia"]',
      '["Cualquier persona con ingresos, fijos o no"]'),
    (10, 10, 'beginner', '["Tener o planear un negocio", "Teléfono con cámara"]',
      '["Definir cliente y promesa", "Planear un mes de contenido", "Medir una campaña pequeña"]',
      '["Dueñas y dueños de pequeños negocios", "Quien les ayuda con las redes"]'),
    (11, 12, 'intermediate', '["Inglés B1 o superior", "Micrófono"]',
      '["Presentarse en dos minutos", "Contar logros con el método STAR", "Negociar condiciones en inglés"]',
      '["Profesionales que buscan trabajo remoto", "Recién egresados"]'),
    (12, 13, 'beginner', '["Un teléfono con cámara"]',
      '["Iluminar con luz de ventana", "Componer y editar fotos de producto"]',
      '["Artesanas y artesanos", "Tiendas en línea pequeñas"]')
),
enrolled AS (
  SELECT course_no, count(*) AS people FROM seed_enrollments() WHERE status <> 'refunded' GROUP BY course_no
),
rated AS (
  SELECT course_no, count(*) AS reviews, round(avg(rating), 2) AS average
  FROM seed_reviews() WHERE is_public GROUP BY course_no
)
INSERT INTO courses (
  course_id, instructor_id, category_id, title, slug, description, price_cents, difficulty_level, is_published,
  published_at, average_rating, rating_count, enrollment_count, requirements, learning_objectives,
  target_audience, created_at, updated_at
)
SELECT
  seed_uuid('course', c.course_no), seed_uuid('user', c.instructor), seed_uuid('category', d.category), c.title,
  c.slug, t.description, c.price_cents, d.level, c.published_at IS NOT NULL, c.published_at,
  coalesce(r.average, 0), coalesce(r.reviews, 0), coalesce(e.people, 0),
  d.requirements::jsonb, d.objectives::jsonb, d.audience::jsonb,
  coalesce(c.published_at - interval '21 days', seed_today() - interval '9 days'),
  coalesce(c.published_at, seed_today() - interval '2 days')
FROM seed_courses() c
JOIN details d USING (course_no)
JOIN seed_descriptions() t USING (course_no)
LEFT JOIN enrolled e USING (course_no)
LEFT JOIN rated r USING (course_no)
ORDER BY c.course_no
ON CONFLICT (course_id) DO UPDATE SET
  average_rating = excluded.average_rating,
  rating_count = excluded.rating_count,
  enrollment_count = excluded.enrollment_count
-- Only when the scale grew; otherwise a second run leaves every row as it is.
WHERE courses.enrollment_count < excluded.enrollment_count;

INSERT INTO sections (section_id, course_id, title, sort_order, created_at, updated_at)
SELECT
  seed_uuid('section', s.course_no, s.section_no), c.course_id, s.title, s.section_no, c.created_at, c.created_at
FROM seed_sections() s
JOIN courses c ON c.course_id = seed_uuid('course', s.course_no)
ORDER BY s.course_no, s.section_no
ON CONFLICT (section_id) DO NOTHING;

INSERT INTO lessons (
  lesson_id, section_id, course_id, title, content_type, content_ref, duration_seconds, is_preview, sort_order,
  created_at, updated_at
)
SELECT
  seed_uuid('lesson', l.course_no, l.lesson_no), seed_uuid('section', l.course_no, l.section_no), c.course_id,
  s.lesson_titles[l.position_no], l.content_type,
  CASE WHEN NOT l.is_quiz AND c.is_published
    THEN format('%s/%s-%s', c.slug, l.content_type, lpad(l.lesson_no::text, 2, '0')) END,
  l.duration_seconds, l.lesson_no <= 2, l.position_no, c.created_at, c.created_at
FROM seed_lessons() l
JOIN seed_sections() s USING (course_no, section_no)
JOIN courses c ON c.course_id = seed_uuid('course', l.course_no)
ORDER BY l.course_no, l.lesson_no
ON CONFLICT (lesson_id) DO NOTHING;
