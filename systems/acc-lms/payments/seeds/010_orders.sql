-- Discount codes, orders, transactions and redemptions. Every enrolment in a paid course has its order;
-- some other orders failed, were cancelled or are still open.

-- Orders with what they come to. Tax is 19 % of subtotal less discount.
CREATE OR REPLACE FUNCTION seed_orders() RETURNS TABLE (
  person_no integer, course_no integer, status text, country text, ordered_at timestamptz, paid_at timestamptz,
  provider text, code_no integer, subtotal integer, discount integer, tax integer
)
LANGUAGE sql STABLE AS $$
  -- Materialized, so that each is computed once and not inlined into a nested loop.
  WITH enrolled AS MATERIALIZED (SELECT * FROM seed_enrollments()),
  people AS MATERIALIZED (SELECT * FROM seed_people()),
  wanted AS (
    SELECT
      e.person_no, e.course_no,
      CASE WHEN e.status = 'refunded' THEN 'refunded' ELSE 'paid' END AS status,
      e.enrolled_at - interval '40 seconds' AS paid_at, e.enrolled_at - interval '6 minutes' AS ordered_at
    FROM enrolled e
    UNION ALL
    SELECT
      p.person_no, c.course_no,
      -- An open order is recent: older ones ran out and were cancelled.
      CASE WHEN moment.at > seed_today() - interval '2 days'
        THEN (ARRAY['pending', 'processing'])[seed_number('open', 1, 2, p.person_no)]
        ELSE (ARRAY['failed', 'cancelled', 'cancelled'])[seed_number('lost', 1, 3, p.person_no, c.course_no)] END,
      NULL, moment.at
    FROM people p
    JOIN seed_courses() c ON c.published_at IS NOT NULL
      AND c.course_no = seed_number('regret', 1, 11, p.person_no)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN seed_number('regret-recent', 1, 3, p.person_no) = 1
        THEN seed_today() - seed_number('regret-minutes', 15, 2000, p.person_no) * interval '1 minute'
        ELSE greatest(p.registered_at, c.published_at)
          + seed_number('regret-hours', 3, 260, p.person_no) * interval '1 hour' END AS at
    ) AS moment
    WHERE p.role = 'student' AND seed_number('regrets', 1, 10, p.person_no) <= 4
      AND NOT EXISTS (
        SELECT FROM enrolled e WHERE e.person_no = p.person_no AND e.course_no = c.course_no
      )
      AND moment.at < seed_today()
  ),
  priced AS (
    SELECT
      w.*, p.country, c.price_cents,
      (ARRAY['mercadopago', 'stripe', 'mercadopago', 'paypal'])[
        seed_number('provider', 1, 4, w.person_no, w.course_no)] AS provider,
      CASE
        -- The first order of a person may use the welcome code; November sales have theirs.
        WHEN row_number() OVER (PARTITION BY w.person_no ORDER BY w.ordered_at) = 1
          AND seed_number('welcome', 1, 10, w.person_no) <= 4 THEN 1
        WHEN w.ordered_at BETWEEN '2025-11-21 05:00+00' AND '2025-12-02 05:00+00' THEN 2
        WHEN c.price_cents >= 4500 AND seed_number('fixed', 1, 10, w.person_no, w.course_no) <= 3 THEN 3
      END AS wanted_code
    FROM wanted w
    JOIN people p USING (person_no)
    JOIN seed_courses() c USING (course_no)
    WHERE c.price_cents > 0
  ),
  -- A person uses a code once, and only an order that was paid keeps it.
  coded AS (
    SELECT p.*, CASE
      WHEN p.paid_at IS NOT NULL AND row_number() OVER (
        PARTITION BY p.person_no, p.wanted_code ORDER BY p.paid_at NULLS LAST
      ) = 1 THEN p.wanted_code END AS code_no
    FROM priced p
  ),
  discounted AS (
    SELECT c.*, CASE c.code_no
      WHEN 1 THEN c.price_cents * 10 / 100
      WHEN 2 THEN c.price_cents * 25 / 100
      WHEN 3 THEN 1000
      ELSE 0
    END AS discount
    FROM coded c
  )
  SELECT
    d.person_no, d.course_no, d.status, d.country, d.ordered_at, d.paid_at, d.provider, d.code_no,
    d.price_cents, d.discount, round((d.price_cents - d.discount) * 0.19)::integer
  FROM discounted d
$$;

INSERT INTO discount_codes (
  code_id, code, discount_type, discount_value, minimum_order_cents, max_uses, current_uses, valid_from,
  valid_until, created_at, updated_at
)
SELECT
  seed_uuid('code', c.code_no), c.code, c.kind, c.value, c.minimum, c.max_uses,
  coalesce(used.times, 0),
  c.valid_from, c.valid_until, c.valid_from - interval '3 days', c.valid_from - interval '3 days'
FROM (
  VALUES
    (1, 'BIENVENIDA10', 'percentage', 10, 0, NULL, timestamptz '2025-01-15 05:00+00', NULL::timestamptz),
    (2, 'NOVIEMBRE25', 'percentage', 25, 2000, 5000, '2025-11-21 05:00+00', '2025-12-02 05:00+00'),
    (3, 'DIEZMENOS', 'fixed_amount', 1000, 4500, 20000, '2025-02-01 05:00+00', NULL),
    (4, 'DOCENTES50', 'percentage', 50, 0, 40, '2025-08-01 05:00+00', '2025-12-31 05:00+00')
) AS c (code_no, code, kind, value, minimum, max_uses, valid_from, valid_until)
LEFT JOIN (
  SELECT code_no, count(*) AS times FROM seed_orders() GROUP BY code_no
) AS used USING (code_no)
ORDER BY c.code_no
ON CONFLICT (code_id) DO UPDATE SET current_uses = excluded.current_uses
-- Only when the scale grew; otherwise a second run leaves every row as it is.
WHERE discount_codes.current_uses < excluded.current_uses;

INSERT INTO orders (
  order_id, user_id, course_id, order_number, status, subtotal_cents, tax_cents, discount_cents, total_cents,
  payment_provider, payment_intent_id, discount_code, metadata, paid_at, created_at, updated_at
)
SELECT
  seed_uuid('order', o.person_no, o.course_no), seed_uuid('user', o.person_no), seed_uuid('course', o.course_no),
  -- From the ids, not from a counter: a larger scale must not renumber.
  format('ACC-%s-%s%s', to_char(o.ordered_at AT TIME ZONE 'UTC', 'YYMM'), lpad(o.person_no::text, 5, '0'),
    lpad(o.course_no::text, 2, '0')),
  o.status, o.subtotal, o.tax, o.discount, o.subtotal - o.discount + o.tax, o.provider,
  CASE WHEN o.status <> 'cancelled' THEN
    format('%s_%s', left(o.provider, 2), left(replace(seed_uuid('intent', o.person_no, o.course_no)::text, '-', ''), 24))
  END,
  c.code,
  jsonb_build_object('country', o.country, 'channel', (ARRAY['web', 'web', 'mobile'])[
    seed_number('channel', 1, 3, o.person_no, o.course_no)]),
  o.paid_at, o.ordered_at,
  CASE o.status WHEN 'refunded' THEN o.paid_at + interval '5 days' ELSE coalesce(o.paid_at, o.ordered_at) END
FROM seed_orders() o
LEFT JOIN discount_codes c ON c.code_id = seed_uuid('code', o.code_no)
ORDER BY o.ordered_at, o.person_no
ON CONFLICT (order_id) DO NOTHING;

INSERT INTO discount_redemptions (redemption_id, code_id, order_id, user_id, discount_cents, redeemed_at)
SELECT
  seed_uuid('redemption', o.person_no, o.course_no), seed_uuid('code', o.code_no),
  seed_uuid('order', o.person_no, o.course_no), seed_uuid('user', o.person_no), o.discount, o.ordered_at
FROM seed_orders() o
WHERE o.code_no IS NOT NULL
ORDER BY o.ordered_at, o.person_no
ON CONFLICT (redemption_id) DO NOTHING;

-- One transaction per attempt to pay, and one for each refund. The providers keep 3.5 % and 30 cents.
WITH movements (person_no, course_no, kind, number, status, amount, provider, at) AS (
  SELECT person_no, course_no, 'payment', 1, 'succeeded', subtotal - discount + tax, provider, paid_at
  FROM seed_orders() WHERE paid_at IS NOT NULL
  UNION ALL
  SELECT person_no, course_no, 'refund', 2, 'succeeded', subtotal - discount + tax, provider,
    paid_at + interval '5 days'
  FROM seed_orders() WHERE status = 'refunded'
  UNION ALL
  SELECT person_no, course_no, 'payment', 1, CASE status WHEN 'failed' THEN 'failed' ELSE 'pending' END,
    subtotal - discount + tax, provider, ordered_at + interval '2 minutes'
  FROM seed_orders() WHERE status IN ('failed', 'processing')
)
INSERT INTO transactions (
  transaction_id, order_id, provider, provider_transaction_id, transaction_type, amount_cents, status,
  provider_fee_cents, created_at, updated_at
)
SELECT
  seed_uuid('transaction', m.person_no, m.course_no, m.number), seed_uuid('order', m.person_no, m.course_no),
  m.provider,
  format('%s_%s', CASE m.kind WHEN 'refund' THEN 're' ELSE 'ch' END,
    left(replace(seed_uuid('provider-reference', m.person_no, m.course_no, m.number)::text, '-', ''), 24)),
  m.kind, m.amount, m.status,
  CASE WHEN m.kind = 'payment' AND m.status = 'succeeded' THEN round(m.amount * 0.035)::integer + 30 ELSE 0 END,
  m.at, m.at
FROM movements m
ORDER BY m.at, m.person_no
ON CONFLICT (transaction_id) DO NOTHING;

DROP FUNCTION seed_orders();
