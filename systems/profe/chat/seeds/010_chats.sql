-- What students asked their tutor about the plans that they work on.

CREATE OR REPLACE FUNCTION seed_chats() RETURNS TABLE (
  school_no integer, plan_no integer, student_no integer, started_at timestamptz, shared boolean
)
LANGUAGE sql STABLE AS $$
  SELECT r.school_no, r.plan_no, r.student_no,
    r.assigned_at + make_interval(hours => seed_number('chat', 3, 120, r.school_no, r.plan_no, r.student_no)),
    seed_number('shared', 1, 3, r.school_no, r.plan_no, r.student_no) = 1
  FROM seed_results() AS r
  WHERE r.plan_no IN (1, 2, 3, 5, 8) AND (r.student_no + r.plan_no) % 2 = 0
$$;

INSERT INTO chat_sessions (
  id, organization_id, user_id, app_name, plan_id, shared_with_teacher, status, context_data, created_at, updated_at
)
SELECT
  seed_uuid('chat', school_no, plan_no, student_no), seed_uuid('school', school_no),
  seed_uuid('person', school_no, 8 + student_no), 'tutor', seed_uuid('plan', school_no, plan_no), shared,
  CASE WHEN started_at < seed_today() - interval '7 days' THEN 'closed' ELSE 'active' END,
  jsonb_build_object('grade', 5 + (student_no + 5) / 6), started_at, started_at + interval '12 minutes'
FROM seed_chats()
ORDER BY school_no, plan_no, student_no
ON CONFLICT (id) DO NOTHING;

INSERT INTO chat_messages (id, session_id, organization_id, seq, role, content, created_at)
SELECT
  seed_uuid('message', c.school_no, c.plan_no, c.student_no, t.seq), seed_uuid('chat', c.school_no, c.plan_no, c.student_no),
  seed_uuid('school', c.school_no), t.seq, CASE WHEN t.seq % 2 = 1 THEN 'user' ELSE 'assistant' END, t.content,
  c.started_at + t.seq * interval '2 minutes'
FROM seed_chats() AS c
JOIN (VALUES
  (1, 1, 'No entiendo por qué 2/4 es lo mismo que 1/2.'),
  (1, 2, 'Piensa en una arepa: si la partes en cuatro y te comes dos pedazos, ¿cuánto queda en el plato?'),
  (1, 3, 'La mitad.'),
  (1, 4, 'Exacto. Por eso dos cuartos y un medio son fracciones equivalentes. ¿Con tercios y sextos cómo sería?'),
  (2, 1, '¿Cómo despejo la x en 3x + 5 = 20?'),
  (2, 2, 'Imagina una balanza. ¿Qué quitarías de los dos lados para dejar sola la parte que tiene x?'),
  (2, 3, 'El 5. Queda 3x = 15, entonces x = 5.'),
  (2, 4, 'Muy bien. Compruébalo: reemplaza x por 5 en la ecuación del principio.'),
  (3, 1, '¿Qué es una inferencia?'),
  (3, 2, 'Es algo que el texto no dice pero que puedes deducir. En el cuento, ¿por qué la abuela guarda la carta?'),
  (3, 3, 'Porque todavía espera que él vuelva.'),
  (5, 1, '¿Por qué sigo moviéndome cuando el bus frena?'),
  (5, 2, 'Por la inercia: tu cuerpo conserva la velocidad que llevaba. ¿Qué ley de Newton lo explica?'),
  (5, 3, '¿La primera?'),
  (5, 4, 'Sí, la primera. Ahora busca un ejemplo en tu cocina.'),
  (8, 1, '¿Cuál es el pasado de "teach"?'),
  (8, 2, 'Es irregular: "taught". ¿Puedes escribir una oración con ese verbo?'),
  (8, 3, 'My mother taught me how to swim.')
) AS t (plan_no, seq, content) USING (plan_no)
ORDER BY c.school_no, c.plan_no, c.student_no, t.seq
ON CONFLICT (id) DO NOTHING;

-- Student 1 photographed her homework; where she has a chat about fractions, it is attached there.
INSERT INTO chat_files (id, session_id, organization_id, message_id, file_id, created_at)
SELECT
  seed_uuid('chat-file', school_no, plan_no, student_no), seed_uuid('chat', school_no, plan_no, student_no),
  seed_uuid('school', school_no), seed_uuid('message', school_no, plan_no, student_no, 1), seed_uuid('file', school_no, 22),
  started_at + interval '2 minutes'
FROM seed_chats()
WHERE plan_no = 1 AND student_no = 1
ON CONFLICT (id) DO NOTHING;

DROP FUNCTION seed_chats();
