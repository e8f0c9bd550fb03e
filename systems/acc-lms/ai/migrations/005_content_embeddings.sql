-- Semantic search over the catalogue. With pgvector the embedding is vector(1536) behind an HNSW index;
-- without it, real[] and an exact scan. search_content() hides the difference.

-- migrate:up

CREATE TABLE content_embeddings (
  embedding_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  content_type text NOT NULL,
  content_id   uuid NOT NULL,
  chunk_no     integer NOT NULL DEFAULT 0,
  text_content text NOT NULL,
  content_hash text NOT NULL,
  model        text NOT NULL,
  dims         integer NOT NULL DEFAULT 1536,
  metadata     jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_content_embeddings_chunk UNIQUE (content_type, content_id, chunk_no, model),
  CONSTRAINT chk_content_embeddings_type CHECK (content_type IN ('course', 'lesson', 'quiz', 'user_query')),
  CONSTRAINT chk_content_embeddings_chunk_no CHECK (chunk_no >= 0),
  CONSTRAINT chk_content_embeddings_hash CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT chk_content_embeddings_dims CHECK (dims = 1536),
  CONSTRAINT chk_content_embeddings_metadata CHECK (jsonb_typeof(metadata) = 'object')
);

COMMENT ON TABLE content_embeddings IS
  'One row per chunk and model (ACC-D20); a chunk whose content_hash has not changed is not embedded again.';
COMMENT ON COLUMN content_embeddings.content_hash IS 'SHA-256 of text_content in UTF-8, hexadecimal.';

CREATE TRIGGER trg_content_embeddings_updated_at BEFORE UPDATE ON content_embeddings
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Distance as pgvector's <=> defines it: 0 same direction, 1 orthogonal, 2 opposite.
CREATE FUNCTION array_cosine_distance(a real[], b real[]) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF cardinality(a) <> cardinality(b) THEN
    RAISE EXCEPTION 'different vector dimensions % and %', cardinality(a), cardinality(b)
      USING ERRCODE = 'data_exception';
  END IF;
  RETURN (
    SELECT 1 - sum(x::double precision * y)
      / (sqrt(sum(x::double precision * x)) * sqrt(sum(y::double precision * y)))
    FROM unnest(a, b) AS pairs (x, y)
  );
END
$$;

-- An embedding without a model, for demonstrations and tests: every term of the text, folded and cut to a
-- crude stem, adds a weight to six dimensions that its hash picks. Texts that share terms come out near.
-- NULL when the text has no term.
CREATE FUNCTION hashed_terms_embedding(content text) RETURNS real[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH terms AS (
    SELECT left(term, 6) AS stem, 1 + ln(count(*)) AS weight
    FROM regexp_split_to_table(
      lower(translate(content, 'áéíóúüñÁÉÍÓÚÜÑ', 'aeiouunaeiouun') COLLATE "C"), '[^a-z0-9]+'
    ) AS term
    WHERE length(term) >= 3 AND term <> ALL (ARRAY[
      'con', 'como', 'cada', 'cual', 'cuando', 'del', 'desde', 'donde', 'ella', 'entre', 'era', 'eso', 'esta',
      'este', 'esto', 'hay', 'las', 'los', 'mas', 'para', 'pero', 'por', 'que', 'quien', 'ser', 'sin', 'sobre',
      'son', 'sus', 'tus', 'una', 'uno', 'unos', 'unas'
    ])
    GROUP BY left(term, 6)
  ),
  shares AS (
    SELECT
      (get_byte(hash, 3 * part) * 256 + get_byte(hash, 3 * part + 1)) % 1536 + 1 AS dimension,
      CASE WHEN get_byte(hash, 3 * part + 2) % 2 = 0 THEN weight ELSE -weight END AS share
    FROM terms
    CROSS JOIN LATERAL sha256(convert_to(stem, 'UTF8')) AS hash
    CROSS JOIN generate_series(0, 5) AS part
  ),
  dimensions AS (
    SELECT dimension, sum(share) AS value FROM shares GROUP BY dimension
  ),
  norm AS (
    SELECT sqrt(sum(value * value)) AS length FROM dimensions
  )
  SELECT CASE WHEN max(norm.length) > 0 THEN
    array_agg((coalesce(d.value, 0) / norm.length)::real ORDER BY n)
  END
  FROM norm
  CROSS JOIN generate_series(1, 1536) AS n
  LEFT JOIN dimensions d ON d.dimension = n
$$;

DO $migration$
DECLARE
  -- Where the extension stands, quoted; null without it. It is looked up rather than assumed, since
  -- one that was there before stays in its own schema.
  home text := (
    SELECT quote_ident(n.nspname)
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'vector'
  );
  column_ddl text;
  distance text;
  settings text := '';
BEGIN
  IF to_regtype(home || '.vector') IS NOT NULL THEN
    column_ddl := format('embedding %1$s.vector(1536) NOT NULL CONSTRAINT chk_content_embeddings_embedding
      CHECK (%1$s.vector_norm(embedding) > 0)', home);
    distance := format('e.embedding OPERATOR(%1$s.<=>) query::%1$s.vector', home);
  ELSE
    -- What the type vector would refuse: another length, NULL, NaN and infinity; and, as above, zero.
    column_ddl := 'embedding real[] NOT NULL CONSTRAINT chk_content_embeddings_embedding CHECK (
      array_ndims(embedding) = 1
      AND cardinality(embedding) = 1536
      AND array_position(embedding, NULL) IS NULL
      AND NOT embedding && ARRAY[''NaN'', ''Infinity'', ''-Infinity'']::real[]
      AND NOT 0 = ALL (embedding))';
    distance := 'array_cosine_distance(e.embedding, query)';
  END IF;

  EXECUTE 'ALTER TABLE content_embeddings ADD COLUMN ' || column_ddl;
  IF home IS NOT NULL THEN
    EXECUTE format(
      'CREATE INDEX idx_content_embeddings_embedding ON content_embeddings USING hnsw (embedding %s.vector_cosine_ops)',
      home
    );
    -- Filters apply after the index has answered: let the scan go on until enough rows pass them.
    -- pgvector before 0.8 cannot; there the widest candidate list is the nearest thing.
    settings := (
      SELECT CASE WHEN string_to_array(extversion, '.')::int[] >= ARRAY[0, 8]
        THEN 'SET hnsw.iterative_scan = strict_order' ELSE 'SET hnsw.ef_search = 1000' END
      FROM pg_extension WHERE extname = 'vector'
    );
  END IF;

  -- BEGIN ATOMIC binds every name now: the caller's search_path, or a rename of the schema, changes nothing.
  -- Ties go by embedding_id, and the distance is rounded, so that both kinds answer alike.
  EXECUTE format($ddl$
    CREATE FUNCTION search_content(
      query real[],
      max_results integer DEFAULT 10,
      only_content_type text DEFAULT NULL,
      only_model text DEFAULT NULL
    ) RETURNS TABLE (
      embedding_id uuid,
      content_type text,
      content_id uuid,
      chunk_no integer,
      model text,
      text_content text,
      metadata jsonb,
      distance double precision
    )
    LANGUAGE sql STABLE %2$s
    BEGIN ATOMIC
      SELECT
        n.embedding_id, n.content_type, n.content_id, n.chunk_no, n.model, n.text_content, n.metadata,
        round(n.distance::numeric, 6)::double precision AS distance
      FROM (
        SELECT e.*, %1$s AS distance
        FROM content_embeddings e
        WHERE (only_content_type IS NULL OR e.content_type = only_content_type)
          AND (only_model IS NULL OR e.model = only_model)
        ORDER BY %1$s, e.embedding_id
        LIMIT max_results
      ) AS n
      ORDER BY round(n.distance::numeric, 6), n.embedding_id;
    END
  $ddl$, distance, settings);
END
$migration$;

COMMENT ON FUNCTION search_content(real[], integer, text, text) IS
  'The nearest chunks by cosine distance, nearest first. Distances between models mean nothing: say which.';

-- migrate:down

DROP FUNCTION search_content(real[], integer, text, text);
DROP TABLE content_embeddings;
DROP FUNCTION hashed_terms_embedding(text);
DROP FUNCTION array_cosine_distance(real[], real[]);
