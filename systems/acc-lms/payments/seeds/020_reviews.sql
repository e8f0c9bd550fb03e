-- The copy of the enrolments that events would have brought, and the reviews that rest on it.

INSERT INTO enrollment_refs (enrollment_id, user_id, course_id, status, enrolled_at, updated_at)
SELECT
  seed_uuid('enrollment', e.person_no, e.course_no), seed_uuid('user', e.person_no),
  seed_uuid('course', e.course_no), e.status, e.enrolled_at, coalesce(e.last_accessed_at, e.enrolled_at)
FROM seed_enrollments() e
ORDER BY e.enrolled_at, e.person_no
ON CONFLICT (enrollment_id) DO NOTHING;

-- Fellow students of the same cohort found some public reviews helpful.
CREATE OR REPLACE FUNCTION seed_votes() RETURNS TABLE (
  reviewer_no integer, course_no integer, voter_no integer, voted_at timestamptz
)
LANGUAGE sql STABLE AS $$
  -- Materialized, so that each is computed once and not inlined into a nested loop.
  WITH given AS MATERIALIZED (SELECT * FROM seed_reviews()),
  enrolled AS MATERIALIZED (SELECT * FROM seed_enrollments())
  SELECT r.person_no, r.course_no, e.person_no, moment.at
  FROM given r
  JOIN enrolled e ON e.course_no = r.course_no AND e.person_no <> r.person_no
    AND (e.person_no - 1) / 40 = (r.person_no - 1) / 40
  CROSS JOIN LATERAL (
    SELECT greatest(r.reviewed_at, e.enrolled_at)
      + seed_number('vote-hours', 2, 90, r.person_no, r.course_no, e.person_no) * interval '1 hour' AS at
  ) AS moment
  WHERE r.is_public AND moment.at < seed_today()
    AND seed_number('votes', 1, 10, r.person_no, r.course_no, e.person_no) <= 2
$$;

-- The first four reviews of a course speak of the course; later ones, at larger scales, are put together
-- from an opening and a close that suit their rating.
WITH texts (course_no, turn, title, body) AS (
  VALUES
    (1, 1, 'Por fin entendí los JOIN', 'El ejemplo de la cafetería me sirvió más que tres libros. Ya armo solo el informe de los lunes.'),
    (1, 2, 'Muy claro', 'Explica despacio y con datos que uno reconoce. Me habría gustado un par de ejercicios más de fechas.'),
    (1, 3, 'Lo recomiendo en mi equipo', 'Lo tomamos cuatro personas de contabilidad y todas lo terminamos.'),
    (1, 4, 'De cero de verdad', 'No sabía nada y en tres semanas escribí mi primera función de ventana.'),
    (2, 1, 'Cambió mi forma de modelar', 'La parte de restricciones vale todo el curso: ahora la base me cuida a mí.'),
    (2, 2, 'Excelente', 'El caso de la veterinaria se parece mucho a lo que vivo en el trabajo.'),
    (2, 3, 'Bueno, exigente', 'Conviene llegar con SQL firme. La lección sobre cambiar tablas con datos es oro.'),
    (2, 4, 'Me faltó práctica', 'La teoría está bien, pero esperaba más ejercicios corregidos.'),
    (3, 1, 'Útil desde la primera semana', 'Dejé de pelear con la hoja de cálculo. Los datos de transporte son muy buen material.'),
    (3, 2, 'Gran profesor', 'Andrés muestra los errores y cómo salir de ellos, que es lo que uno necesita.'),
    (3, 3, 'Publiqué mi primer informe', 'El proyecto final quedó en mi portafolio y ya me preguntaron por él en una entrevista.'),
    (3, 4, 'Bien explicado', 'El audio de dos lecciones está bajo, lo demás impecable.'),
    (4, 1, 'Sin humo', 'Dice con honestidad qué se puede y qué no. El caso de demanda está muy completo.'),
    (4, 2, 'Difícil para mí', 'Me costó la parte de estadística; tuve que repasar por mi cuenta.'),
    (4, 3, 'Buen equilibrio', 'Dibujos, código y discusión de sesgos. Volvería a tomarlo.'),
    (4, 4, 'Muy recomendable', 'La lección sobre cuándo no usar aprendizaje automático debería ser obligatoria.'),
    (5, 1, 'Al día', 'Se nota que está hecho con el lenguaje de hoy. Las promesas por fin tienen sentido.'),
    (5, 2, 'Práctico', 'La agenda sin conexión es un proyecto bonito y se entiende todo el código.'),
    (5, 3, 'Va rápido', 'Buen contenido, pero la sección de asincronía pide más calma.'),
    (5, 4, 'Justo lo que buscaba', 'Venía de jQuery y me puso al día sin hacerme sentir viejo.'),
    (6, 1, 'De lo mejor que he tomado', 'TypeScript estricto desde el primer día y pruebas que de verdad prueban algo.'),
    (6, 2, 'Listo para el trabajo', 'Apliqué el formato de errores en mi empresa a la semana siguiente.'),
    (6, 3, 'Completo', 'Muy buen capítulo de paginación. Agregaría algo sobre colas.'),
    (6, 4, 'Excelente ritmo', 'Lucía explica por qué antes de explicar cómo.'),
    (7, 1, 'Ahora hablo con diseño', 'Soy desarrollador y al fin entiendo qué me piden. Los componentes con variantes, una maravilla.'),
    (7, 2, 'Bonito y ordenado', 'La panadería da hambre, pero se aprende muchísimo.'),
    (7, 3, 'Buena base', 'Me quedé con ganas de más accesibilidad.'),
    (7, 4, 'Cuidado en cada detalle', 'Los archivos de práctica están muy bien preparados.'),
    (8, 1, 'Aprendí a callarme', 'La lección de los silencios cambió mis entrevistas.'),
    (8, 2, 'Muy aplicable', 'Usé la guía tal cual en un proyecto de salud y funcionó.'),
    (8, 3, 'Breve y profundo', 'Dos páginas de informe y todo el mundo las leyó.'),
    (8, 4, 'Esperaba otra cosa', 'Buscaba métodos cuantitativos y el curso es solo cualitativo; el título podría decirlo.'),
    (9, 1, 'Gracias por hacerlo gratis', 'En dos meses pagué la tarjeta más cara. Las plantillas son sencillas y sirven.'),
    (9, 2, 'Sin promesas raras', 'Habla de ingresos irregulares, que es mi caso. Muy humano.'),
    (9, 3, 'Claro', 'Me ordenó las cuentas de la casa. Faltaría algo de impuestos.'),
    (9, 4, 'Buen comienzo', 'Para empezar está perfecto; la parte de inversión es corta.'),
    (10, 1, 'Para mi florería', 'Armé el calendario de un mes y dejé de publicar por publicar.'),
    (10, 2, 'Bien, algo básico', 'Si ya hiciste campañas vas a conocer la mitad.'),
    (10, 3, 'Tres métricas y nada más', 'Por fin alguien que no te manda a mirar veinte tableros.'),
    (10, 4, 'Útil', 'Los ejemplos del taller de bicicletas me sirvieron mucho.'),
    (11, 1, '¡Me contrataron!', 'Hice el simulacro dos veces y en la entrevista real me preguntaron casi lo mismo.'),
    (11, 2, 'Muy buena profe', 'Corrige con cariño y con ejemplos. Más acentos del sur de Asia, por favor.'),
    (11, 3, 'Perdí el miedo', 'Pedir que repitan ya no me da vergüenza.'),
    (11, 4, 'Práctico y directo', 'El método STAR con números es lo que me faltaba.')
),
openings (kind, n, title, text) AS (
  VALUES
    ('good', 1, 'Superó lo que esperaba', 'Las explicaciones van al punto.'),
    ('good', 2, 'Muy buen curso', 'Se nota la experiencia de quien enseña.'),
    ('good', 3, 'Lo terminé en dos semanas', 'Las lecciones cortas ayudan a no soltarlo.'),
    ('good', 4, 'Contenido de calidad', 'Los ejemplos son de nuestra región y eso se agradece.'),
    ('good', 5, 'Vale la pena', 'Cada sección deja algo que se puede usar al día siguiente.'),
    ('fair', 1, 'Cumple', 'El contenido está bien, aunque el ritmo es desparejo.'),
    ('fair', 2, 'Le falta un poco', 'Esperaba más ejercicios y menos teoría.'),
    ('fair', 3, 'Correcto', 'Hay lecciones muy buenas y otras que pasan rápido.')
),
closes (kind, n, text) AS (
  VALUES
    ('good', 1, 'Ya lo recomendé a dos compañeras.'),
    ('good', 2, 'Volvería a tomarlo.'),
    ('good', 3, 'La autoevaluación me mostró lo que no había entendido.'),
    ('good', 4, 'El soporte respondió mis dudas el mismo día.'),
    ('good', 5, 'Ojalá hagan una segunda parte.'),
    ('fair', 1, 'Con una actualización sería mucho mejor.'),
    ('fair', 2, 'Aun así aprendí cosas nuevas.'),
    ('fair', 3, 'Sirve como primer acercamiento.')
),
votes AS (
  SELECT reviewer_no, course_no, count(*) AS votes FROM seed_votes() GROUP BY reviewer_no, course_no
)
INSERT INTO reviews (
  review_id, course_id, user_id, enrollment_id, rating, review_title, review_text, is_public,
  is_verified_purchase, helpful_votes, created_at, updated_at
)
SELECT
  seed_uuid('review', r.person_no, r.course_no), seed_uuid('course', r.course_no), seed_uuid('user', r.person_no),
  seed_uuid('enrollment', r.person_no, r.course_no), r.rating,
  coalesce(t.title, o.title), coalesce(t.body, o.text || ' ' || c.text), r.is_public,
  courses.price_cents > 0,
  coalesce(v.votes, 0),
  r.reviewed_at, r.reviewed_at
FROM seed_reviews() r
JOIN seed_courses() courses USING (course_no)
LEFT JOIN votes v ON v.reviewer_no = r.person_no AND v.course_no = r.course_no
LEFT JOIN texts t ON t.course_no = r.course_no AND t.turn = r.turn
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN r.rating >= 4 THEN 'good' ELSE 'fair' END AS kind,
    CASE WHEN r.rating >= 4 THEN 5 ELSE 3 END AS choices
) AS tone
LEFT JOIN openings o ON o.kind = tone.kind
  AND o.n = seed_number('opening', 1, tone.choices, r.person_no, r.course_no)
LEFT JOIN closes c ON c.kind = tone.kind
  AND c.n = seed_number('close', 1, tone.choices, r.person_no, r.course_no)
ORDER BY r.reviewed_at, r.person_no
ON CONFLICT (review_id) DO NOTHING;

INSERT INTO review_votes (review_id, user_id, voted_at)
SELECT seed_uuid('review', v.reviewer_no, v.course_no), seed_uuid('user', v.voter_no), v.voted_at
FROM seed_votes() v
ORDER BY v.voted_at, v.voter_no
ON CONFLICT (review_id, user_id) DO NOTHING;

DROP FUNCTION seed_votes();
