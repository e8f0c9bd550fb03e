-- What the catalogue says: descriptions, section and lesson titles. The same file stands in courses, which
-- stores them, and in ai, which embeds them; 998_catalogue_texts_end.sql removes the functions again.

CREATE OR REPLACE FUNCTION seed_descriptions() RETURNS TABLE (course_no integer, description text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    (1, 'Aprende a preguntarle a una base de datos lo que necesitas saber. Partimos de una tabla de ventas de una cafetería y llegamos a informes con varias tablas, subconsultas y funciones de ventana. Cada lección termina con un ejercicio que se resuelve en PostgreSQL, sin instalar nada más. Al final podrás responder por tu cuenta las preguntas que hoy le pides a otra persona.'),
    (2, 'Una base de datos mal diseñada se paga todos los días. En este curso convertimos las reglas de una clínica veterinaria en un modelo entidad-relación, lo normalizamos y lo llevamos a tablas con claves, restricciones e índices. Verás también cuándo conviene desnormalizar y cómo cambiar un esquema que ya tiene datos. Pensado para quien ya escribe consultas y quiere entender por qué las tablas son como son.'),
    (3, 'De una hoja de cálculo que ya no abre a un cuaderno que cualquiera puede repetir. Usamos Python, pandas y matplotlib para limpiar, cruzar y graficar datos abiertos de transporte y clima de ciudades latinoamericanas. No hace falta haber programado antes: las primeras lecciones explican lo justo del lenguaje. Terminas con un informe propio publicado en línea.'),
    (4, 'Qué puede y qué no puede aprender una máquina a partir de ejemplos. Construimos paso a paso modelos de regresión y de clasificación, los evaluamos con honestidad y aprendemos a reconocer el sobreajuste y los sesgos de los datos. Las matemáticas aparecen cuando hacen falta y siempre con un dibujo al lado. Trabajamos con scikit-learn y un caso completo de predicción de demanda.'),
    (5, 'El lenguaje de la web tal como se escribe hoy: módulos, desestructuración, promesas y async/await, sin arrastrar costumbres de hace quince años. Construimos una agenda de eventos que consulta datos reales y funciona sin conexión. Aprenderás a leer errores, a depurar en el navegador y a escribir pruebas que sirven de algo.'),
    (6, 'Diseña y construye una API que otras personas quieran usar. Partimos de los recursos y los códigos de estado, seguimos con validación, autenticación con tokens y paginación, y terminamos con la API desplegada, documentada y observada. Todo el código está en TypeScript estricto y cada capítulo deja pruebas automáticas que pasan.'),
    (7, 'Aprende Figma diseñando la aplicación de una panadería de barrio, desde el primer boceto hasta un prototipo que se puede tocar. Retículas, tipografía y color explicados con ejemplos, y un sistema de componentes que no se rompe cuando el texto crece. Incluye la entrega a desarrollo: medidas, estados y accesibilidad.'),
    (8, 'Diseñar sin hablar con nadie es adivinar. Este curso enseña a planear una investigación pequeña, encontrar participantes, entrevistar sin inducir respuestas y convertir notas desordenadas en decisiones. Practicamos con un servicio de transporte público y con grabaciones reales comentadas. Al final tendrás un plan, una guía de entrevista y un informe de dos páginas.'),
    (9, 'Un curso gratuito para dejar de llegar a fin de mes con sorpresas. Hacemos un presupuesto que se puede cumplir, ordenamos las deudas por lo que de verdad cuestan y empezamos un fondo de emergencia aunque el ingreso sea irregular. Con ejemplos en varias monedas de la región y plantillas para descargar. Sin promesas de riqueza rápida.'),
    (10, 'Para quien atiende el negocio, responde los mensajes y además tiene que vender. Definimos a quién le hablas, qué le prometes y en qué canales vale la pena estar. Después armamos un calendario de contenido de un mes, una campaña pequeña de anuncios y las tres métricas que conviene mirar cada semana. Casos de una florería, un taller de bicicletas y una escuela de música.'),
    (11, 'Sabes inglés, pero en la entrevista se te va. Practicamos las preguntas que siempre llegan, cómo contar tu experiencia con una historia corta y cómo pedir que repitan sin perder seguridad. Incluye grabaciones con distintos acentos, vocabulario por área y un simulacro completo con devolución. Nivel recomendado: B1 en adelante.'),
    (12, 'Fotos que venden, hechas con el teléfono que ya tienes. Luz de ventana, fondos de cartulina, composición y una edición rápida que no miente sobre el producto. Trabajamos con comida, ropa y artesanía. El curso está en preparación: se publicará cuando estén grabadas todas las lecciones.')
$$;

CREATE OR REPLACE FUNCTION seed_sections() RETURNS TABLE (
  course_no integer, section_no integer, title text, lesson_titles text[]
)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    (1, 1, 'Preguntar a una tabla', ARRAY['Qué es una base de datos y qué no', 'Tu primer SELECT', 'Filtrar con WHERE sin tropezar con NULL', 'Ordenar y limitar resultados']),
    (1, 2, 'Varias tablas a la vez', ARRAY['JOIN explicado con una cafetería', 'LEFT JOIN: lo que falta también cuenta', 'Agrupar y resumir con GROUP BY', 'Autoevaluación: consultas con varias tablas']),
    (1, 3, 'Informes que responden', ARRAY['Subconsultas y expresiones WITH', 'Funciones de ventana: ranking y acumulados', 'Fechas, zonas horarias y meses incompletos', 'Proyecto: el informe semanal de ventas']),
    (2, 1, 'Del problema al modelo', ARRAY['Escuchar las reglas del negocio', 'Entidades, atributos y relaciones', 'Cardinalidad: uno, muchos y ninguno', 'Dibujar el diagrama entidad-relación']),
    (2, 2, 'Tablas que se sostienen', ARRAY['Claves naturales y claves sustitutas', 'Normalizar hasta la tercera forma', 'Restricciones: que la base diga que no', 'Autoevaluación: normalización y claves']),
    (2, 3, 'La vida del esquema', ARRAY['Índices: cuáles sí y cuáles sobran', 'Cuándo desnormalizar', 'Cambiar una tabla con datos adentro']),
    (3, 1, 'Python lo justo', ARRAY['Preparar el cuaderno', 'Listas, diccionarios y funciones', 'Leer archivos CSV sin sorpresas', 'Errores comunes y cómo leerlos']),
    (3, 2, 'Tablas con pandas', ARRAY['DataFrame: filas, columnas e índice', 'Limpiar datos sucios', 'Agrupar y cruzar tablas', 'Autoevaluación: tablas con pandas']),
    (3, 3, 'Contar con gráficos', ARRAY['Elegir el gráfico adecuado', 'matplotlib sin dolor', 'Mapas sencillos de una ciudad', 'Proyecto: tu informe publicado']),
    (4, 1, 'Aprender de ejemplos', ARRAY['Qué significa que una máquina aprenda', 'Datos de entrenamiento y de prueba', 'Regresión lineal con un dibujo', 'Medir el error']),
    (4, 2, 'Modelos supervisados', ARRAY['Clasificar: regresión logística', 'Árboles de decisión y bosques', 'Sobreajuste y validación cruzada', 'Autoevaluación: modelos supervisados']),
    (4, 3, 'Del cuaderno a la decisión', ARRAY['Sesgos en los datos', 'Explicar un modelo a quien decide', 'Predicción de demanda: caso completo', 'Cuándo no usar aprendizaje automático']),
    (5, 1, 'El lenguaje de hoy', ARRAY['let, const y el alcance de las variables', 'Objetos y desestructuración', 'Recorrer colecciones con map, filter y reduce', 'Módulos: import y export']),
    (5, 2, 'Funciones y asincronía', ARRAY['Funciones flecha y this', 'Promesas sin misterio', 'async y await en la práctica', 'Autoevaluación: funciones y asincronía']),
    (5, 3, 'Una aplicación de verdad', ARRAY['Consultar una API con fetch', 'Guardar datos en el navegador', 'Depurar y probar', 'Proyecto: agenda de eventos sin conexión']),
    (6, 1, 'Diseñar antes de programar', ARRAY['Qué hace buena a una API', 'Recursos y verbos HTTP', 'Contratos con OpenAPI', 'Preparar el proyecto con TypeScript estricto']),
    (6, 2, 'Recursos, rutas y códigos', ARRAY['Rutas y controladores delgados', 'Validar la entrada', 'Códigos de estado y formato de errores', 'Autoevaluación: recursos, rutas y códigos HTTP']),
    (6, 3, 'Llevarla a producción', ARRAY['Autenticación con tokens y rotación', 'Paginación, filtros y orden', 'Pruebas de integración con una base real', 'Despliegue, registros y métricas']),
    (7, 1, 'Mirar y bocetar', ARRAY['Recorrido por Figma', 'Retículas y espacio en blanco', 'Tipografía que se lee']),
    (7, 2, 'Componentes y estilos', ARRAY['Color y contraste accesible', 'Componentes con variantes', 'Auto layout sin pelear', 'Autoevaluación: componentes y estilos']),
    (7, 3, 'Del prototipo a la entrega', ARRAY['Prototipos que se pueden tocar', 'Probar con cinco personas', 'Entregar a desarrollo: medidas y estados']),
    (8, 1, 'Planear la investigación', ARRAY['La pregunta antes que el método', 'Encontrar participantes', 'Consentimiento y cuidado de los datos']),
    (8, 2, 'Entrevistas sin sesgos', ARRAY['Preguntas abiertas y silencios', 'Escribir una guía de entrevista', 'Observar en el lugar', 'Autoevaluación: entrevistas sin sesgos']),
    (8, 3, 'De las notas a las decisiones', ARRAY['Diagrama de afinidad', 'Hallazgos, no opiniones', 'Un informe de dos páginas']),
    (9, 1, 'Saber dónde estás', ARRAY['El dinero que entra y el que se va', 'Gastos hormiga y gastos fantasma', 'Metas que caben en el calendario']),
    (9, 2, 'Presupuesto y deudas', ARRAY['Un presupuesto que se cumple', 'El costo real de una tarjeta de crédito', 'Autoevaluación: presupuesto y deudas']),
    (9, 3, 'Construir tranquilidad', ARRAY['Fondo de emergencia con ingreso irregular', 'Seguros básicos: cuáles sí', 'Primeros pasos para invertir']),
    (10, 1, 'A quién le hablas', ARRAY['Tu cliente con nombre y apellido', 'La promesa en una frase', 'Elegir dos canales y dejar el resto', 'Google Maps y WhatsApp Business']),
    (10, 2, 'Contenido y anuncios', ARRAY['Calendario de contenido de un mes', 'Fotos y textos que invitan', 'Tu primera campaña con poco presupuesto', 'Autoevaluación: contenido y anuncios']),
    (10, 3, 'Medir y mejorar', ARRAY['Tres métricas por semana', 'Responder mensajes que venden', 'Clientes que vuelven']),
    (11, 1, 'Antes de la entrevista', ARRAY['Leer el aviso de empleo entre líneas', 'Tell me about yourself en dos minutos', 'Vocabulario de tu área', 'Pronunciación: lo que de verdad importa']),
    (11, 2, 'Contar la experiencia', ARRAY['El método STAR con ejemplos', 'Logros con números', 'Hablar de errores y aprendizajes', 'Autoevaluación: contar la experiencia']),
    (11, 3, 'El día de la entrevista', ARRAY['Pedir que repitan sin perder seguridad', 'Preguntar por salario y condiciones', 'Simulacro completo con devolución']),
    (12, 1, 'La luz', ARRAY['Luz de ventana y hora del día', 'Rebotar y suavizar con cartulina', 'Limpiar la lente y otros ajustes']),
    (12, 2, 'Luz y composición', ARRAY['Fondos que no distraen', 'Regla de los tercios y detalles', 'Autoevaluación: luz y composición']),
    (12, 3, 'Edición honesta', ARRAY['Corregir color y recortar', 'Preparar fotos para la tienda en línea'])
$$;
