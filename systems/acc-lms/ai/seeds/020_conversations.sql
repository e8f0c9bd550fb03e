-- Students ask the tutor about a course they take; each question is embedded too, as a user_query.

CREATE OR REPLACE FUNCTION seed_conversations() RETURNS TABLE (
  person_no integer, course_no integer, title text, archived boolean, started_at timestamptz,
  turn integer, question text, answer text
)
LANGUAGE sql STABLE AS $$
  WITH topics (course_no, topic, title, question, answer, follow_up, close) AS (
    VALUES
      (1, 1, 'Duda con LEFT JOIN', '¿Por qué mi LEFT JOIN pierde las ventas sin producto cuando agrego un WHERE?',
        'Porque la condición de WHERE se evalúa después de unir y descarta las filas donde la tabla derecha quedó en NULL. Mueve esa condición al ON y las ventas sin producto vuelven a aparecer.',
        'Funcionó. ¿Y si quiero contar solo las que no tienen producto?', 'Deja el LEFT JOIN y filtra con WHERE productos.id IS NULL: quedan justamente las que no encontraron pareja.'),
      (1, 2, 'Funciones de ventana', '¿Qué diferencia hay entre GROUP BY y una función de ventana?',
        'GROUP BY reduce cada grupo a una fila. Una función de ventana calcula sobre el grupo y conserva todas las filas, por eso sirve para rankings y acumulados.',
        '¿Puedo usar las dos en la misma consulta?', 'Sí: primero se agrupa y después la ventana trabaja sobre las filas ya agrupadas.'),
      (2, 1, 'Clave natural o sustituta', 'La cédula del dueño, ¿sirve como clave primaria?',
        'Puede parecer cómoda, pero cambia, se digita mal y a veces falta. Usa una clave sustituta y deja la cédula con UNIQUE.',
        '¿Entonces nunca uso claves naturales?', 'Sí, cuando son estables y cortas, como un código de país.'),
      (2, 2, 'Tercera forma normal', '¿Por qué no debo guardar la ciudad y el departamento en la misma tabla de clientes?',
        'Porque el departamento depende de la ciudad, no del cliente. Si lo repites, un día dos filas dirán cosas distintas de la misma ciudad.',
        'Entiendo. ¿Y si solo tengo tres ciudades?', 'La regla es la misma; una tabla pequeña cuesta poco y evita contradicciones.'),
      (3, 1, 'CSV con tildes raras', 'Al leer el archivo aparecen símbolos extraños en vez de tildes.',
        'El archivo está en otra codificación. Prueba pd.read_csv(ruta, encoding="latin-1") y, si se ve bien, guárdalo de nuevo en UTF-8.',
        'Ahora se ve bien, pero los números son texto.', 'Indica decimal="," y thousands="." al leer: en nuestra región muchos archivos usan coma decimal.'),
      (3, 2, 'Cruzar dos tablas', 'Hice merge y me salieron más filas que antes, ¿qué pasó?',
        'La clave se repite en la tabla derecha, así que cada fila se multiplicó. Revisa con df.duplicated("estacion").sum() antes de cruzar.',
        '¿Cómo evito que me vuelva a pasar?', 'Pasa validate="many_to_one" a merge: si la clave se repite, pandas te avisa con un error.'),
      (4, 1, 'Sobreajuste', 'Mi bosque acierta todo en entrenamiento y casi nada en prueba.',
        'Es sobreajuste. Limita la profundidad de los árboles y compara con validación cruzada antes de mirar el conjunto de prueba.',
        '¿Cuántos bloques uso?', 'Cinco es un buen punto de partida; con pocos datos puedes usar diez.'),
      (4, 2, 'Qué métrica elegir', 'Solo el 3 % de mis clientes se va. ¿Por qué me dicen que no mire la exactitud?',
        'Porque un modelo que diga que nadie se va acierta el 97 % y no sirve. Mira la exhaustividad y la precisión de la clase que te importa.',
        '¿Y si tengo que dar un solo número?', 'El valor F1 combina ambas, pero acompáñalo siempre de la matriz de confusión.'),
      (5, 1, 'await dentro de un forEach', 'Mi forEach con await no espera, ¿por qué?',
        'forEach ignora las promesas que devuelve la función. Usa for...of si quieres ir de a una, o Promise.all con map si pueden ir juntas.',
        '¿Cuál es más rápida?', 'Promise.all, mientras el servidor aguante tantas peticiones a la vez.'),
      (5, 2, 'this perdido', '¿Por qué this es undefined en mi manejador de eventos?',
        'Pasaste el método suelto y perdió su objeto. Envuélvelo en una función flecha o usa bind.',
        'La flecha lo resolvió, gracias.', 'Así es: la flecha toma el this del lugar donde la escribes.'),
      (6, 1, '404 o 403', 'Si el recurso es de otro usuario, ¿respondo 403 o 404?',
        'Depende de si su existencia es secreta. Si no quieres revelar que existe, 404; si la persona ya lo sabe, 403 es más claro.',
        'En mi caso son facturas.', 'Entonces 404: así nadie puede averiguar números de factura probando.'),
      (6, 2, 'Paginación', '¿Por qué el curso desaconseja OFFSET para listas largas?',
        'El servidor recorre todas las filas que salta, y si llegan filas nuevas se repiten o se pierden elementos. Con un cursor sobre la última clave no pasa ninguna de las dos cosas.',
        '¿Qué devuelvo como cursor?', 'Un texto opaco con los valores de orden de la última fila; así puedes cambiarlo sin romper a nadie.'),
      (7, 1, 'Botones que se deforman', 'Cuando traduzco el texto, mis botones se rompen.',
        'Usa auto layout con relleno interior y ancho según el contenido; evita tamaños fijos.',
        '¿Y si quiero un ancho mínimo?', 'Define min width en el componente principal y todas las instancias lo respetan.'),
      (7, 2, 'Contraste', 'Mi gris claro sobre blanco se ve elegante, ¿está mal?',
        'Si el contraste baja de 4,5:1, mucha gente no podrá leerlo. Oscurece el gris hasta alcanzar esa relación.',
        '¿Aplica para los títulos?', 'Para texto grande basta 3:1.'),
      (8, 1, 'Encontrar participantes', '¿Cuántas personas necesito entrevistar?',
        'Para un público bien definido, entre cinco y ocho suelen mostrar los problemas principales. Detente cuando ya no aparezca nada nuevo.',
        '¿Puedo entrevistar a mis amigos?', 'Mejor no: te conocen y querrán agradarte. Pídeles que te presenten a otras personas.'),
      (8, 2, 'Notas desordenadas', 'Tengo treinta páginas de notas y no sé por dónde empezar.',
        'Pasa cada observación a una tarjeta, agrúpalas por parecido sin ponerles nombre y solo al final titula los grupos.',
        '¿Cuánto debería tardar?', 'Con dos personas, una tarde alcanza para esas treinta páginas.'),
      (9, 1, 'Ingreso irregular', 'Trabajo por encargos y cada mes gano distinto. ¿Cómo hago un presupuesto?',
        'Toma el promedio de tus tres meses más bajos y reparte solo eso. Lo que entre de más va al fondo de emergencia hasta que cubra dos meses.',
        '¿Y si un mes no llego?', 'Para eso es el fondo: úsalo y repón cuando vuelva a entrar.'),
      (9, 2, 'Qué deuda pagar primero', 'Tengo tarjeta, un crédito de consumo y una deuda con mi hermana.',
        'Paga el mínimo de todas y pon lo que sobre en la de mayor tasa, que suele ser la tarjeta. Con tu hermana acuerda una fecha y cúmplela.',
        '¿No es mejor saldar la más chica?', 'Da ánimo, pero cuesta más intereses. Si el ánimo es lo que falta, también es válido.'),
      (10, 1, 'Qué publicar', 'No se me ocurre qué publicar más de dos veces por semana.',
        'Con dos alcanza. Alterna una respuesta a una pregunta frecuente y una historia de un cliente, y deja una fecha libre al mes para lo que surja.',
        '¿A qué hora conviene?', 'Mira en tus estadísticas cuándo se conecta tu público; en negocios de barrio suele ser entre las siete y las nueve de la noche.'),
      (10, 2, 'Presupuesto de anuncios', 'Con 50 dólares al mes, ¿tiene sentido anunciar?',
        'Sí, si apuntas a pocos kilómetros a la redonda y a una sola oferta. Divídelo en dos semanas para poder corregir.',
        '¿Qué miro para saber si funcionó?', 'El costo por conversación y cuántas de ellas terminaron en venta.'),
      (11, 1, 'Hablar de un error', '¿Cómo cuento un error en la entrevista sin quedar mal?',
        'Elige uno real y ya resuelto, di qué hiciste para arreglarlo y qué cambiaste después. Por ejemplo: "I missed a deadline, so now I share my plan every Monday".',
        '¿Y si me piden otro?', 'Ten dos preparados; el segundo puede ser de trabajo en equipo.'),
      (11, 2, 'For o since', '¿Digo "I have worked here since two years"?',
        'Con una duración se usa for: "I have worked here for two years". Since va con el momento en que empezó: "since 2023".',
        'Ok: for six months, since June.', 'Exacto, las dos están perfectas.')
  ),
  talks AS (
    SELECT
      e.person_no, e.course_no, e.status IN ('completed', 'expired', 'refunded') AS archived,
      e.started_at + seed_number('question-hours', 1, 70, e.person_no, e.course_no) * interval '1 hour' AS at,
      seed_number('topic', 1, 2, e.person_no, e.course_no) AS topic,
      seed_number('turns', 1, 2, e.person_no, e.course_no) AS turns
    FROM seed_enrollments() e
    WHERE e.started_at < seed_today() - interval '4 days'
      AND seed_number('talks', 1, 100, e.person_no, e.course_no) <= 38
  )
  SELECT
    t.person_no, t.course_no, s.title, t.archived, t.at, n,
    CASE n WHEN 1 THEN s.question ELSE s.follow_up END, CASE n WHEN 1 THEN s.answer ELSE s.close END
  FROM talks t
  JOIN topics s USING (course_no, topic)
  CROSS JOIN generate_series(1, t.turns) AS n
$$;

INSERT INTO conversations (conversation_id, user_id, course_id, title, status, created_at, updated_at)
SELECT
  seed_uuid('conversation', c.person_no, c.course_no), seed_uuid('user', c.person_no),
  seed_uuid('course', c.course_no), c.title, CASE WHEN c.archived THEN 'archived' ELSE 'active' END,
  c.started_at, c.started_at + (4 * max(c.turn) - 3) * interval '1 minute'
FROM seed_conversations() c
GROUP BY c.person_no, c.course_no, c.title, c.archived, c.started_at
ORDER BY c.started_at, c.person_no
ON CONFLICT (conversation_id) DO NOTHING;

WITH messages_said (person_no, course_no, number, role, content, at, metadata) AS (
  SELECT person_no, course_no, 2 * turn - 1, 'user', question, started_at + (turn - 1) * interval '4 minutes', '{}'::jsonb
  FROM seed_conversations()
  UNION ALL
  SELECT
    person_no, course_no, 2 * turn, 'assistant', answer, started_at + (4 * turn - 3) * interval '1 minute',
    '{"model": "tutor-demo"}'::jsonb
  FROM seed_conversations()
)
INSERT INTO messages (message_id, conversation_id, role, content, tokens_used, metadata, created_at)
SELECT
  seed_uuid('message', m.person_no, m.course_no, m.number), seed_uuid('conversation', m.person_no, m.course_no),
  m.role, m.content, ceil(length(m.content) / 3.6)::integer, m.metadata, m.at
FROM messages_said m
ORDER BY m.at, m.person_no
ON CONFLICT (message_id) DO NOTHING;

INSERT INTO content_embeddings (
  embedding_id, content_type, content_id, text_content, content_hash, model, embedding, metadata, created_at,
  updated_at
)
SELECT
  m.message_id, 'user_query', m.message_id, m.content, encode(sha256(convert_to(m.content, 'UTF8')), 'hex'),
  'hashed-terms-v1', hashed_terms_embedding(m.content), '{"language": "es"}'::jsonb, m.created_at, m.created_at
FROM messages m
JOIN seed_conversations() c ON c.turn = 1 AND m.message_id = seed_uuid('message', c.person_no, c.course_no, 1)
ORDER BY m.created_at, m.message_id
ON CONFLICT (embedding_id) DO NOTHING;

DROP FUNCTION seed_conversations();
