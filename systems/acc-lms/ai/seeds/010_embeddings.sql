-- One embedding per course, lesson and quiz, by hashed terms: no model was asked.

WITH contents (content_type, content_id, chunk, slug) AS (
  SELECT 'course', seed_uuid('course', c.course_no), c.title || '. ' || d.description, c.slug
  FROM seed_courses() c JOIN seed_descriptions() d USING (course_no)
  UNION ALL
  SELECT
    'lesson', seed_uuid('lesson', l.course_no, l.lesson_no),
    format('%s. %s, en el curso %s.', s.lesson_titles[l.position_no], s.title, c.title), c.slug
  FROM seed_lessons() l
  JOIN seed_sections() s USING (course_no, section_no)
  JOIN seed_courses() c USING (course_no)
  UNION ALL
  SELECT 'quiz', seed_uuid('quiz', c.course_no), format('%s. Preguntas del curso %s.', c.quiz_title, c.title), c.slug
  FROM seed_courses() c
)
INSERT INTO content_embeddings (
  embedding_id, content_type, content_id, text_content, content_hash, model, embedding, metadata, created_at,
  updated_at
)
SELECT
  -- Content and embedding are one to one here, so that one id serves both.
  n.content_id, n.content_type, n.content_id, n.chunk, encode(sha256(convert_to(n.chunk, 'UTF8')), 'hex'),
  'hashed-terms-v1', hashed_terms_embedding(n.chunk), jsonb_build_object('course_slug', n.slug, 'language', 'es'),
  seed_today() - interval '1 day', seed_today() - interval '1 day'
FROM contents n
ORDER BY n.content_type, n.slug, n.chunk
ON CONFLICT (embedding_id) DO NOTHING;
